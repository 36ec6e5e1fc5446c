/** Lists a namespace's conntrack entries with the command `conntrack`. */
import type { Netns } from './netns.js';
import { run } from './process.js';

export interface ConntrackTuple {
  readonly source: string;
  readonly destination: string;
  /** TCP and UDP; null otherwise. */
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  /** Of an ICMP echo; null otherwise. */
  readonly identifier: number | null;
}

export interface ConntrackEntry {
  /** `tcp`, `udp`, `icmp`, … or `unknown`. */
  readonly protocol: string;
  readonly protocolNumber: number;
  /** Seconds until the entry times out, if no packet comes. */
  readonly secondsLeft: number;
  /** The state for TCP and a few other protocols, such as `ESTABLISHED`; null otherwise. */
  readonly state: string | null;
  /** The addresses and ports of the first packet. */
  readonly original: ConntrackTuple;
  /** Whether no packet has come back yet. */
  readonly unreplied: boolean;
  readonly mark: number;
}

export async function listConntrack(namespace: Netns): Promise<ConntrackEntry[]> {
  const families = ['ipv4', 'ipv6'].map((family) =>
    run('conntrack', ['-L', '-f', family, '-o', 'extended'], { namespace }),
  );
  const tables = await Promise.all(families);
  return tables.flatMap(({ stdout }) => stdout.split('\n').flatMap((line) => parseEntry(line) ?? []));
}

/** Matches `ipv4 2 tcp 6 431999 ESTABLISHED src=… dst=… sport=… dport=… src=… [ASSURED] mark=5 use=1`. */
const ENTRY = /^ipv[46]\s+\d+\s+(\S+)\s+(\d+)\s+(\d+)\s+(?:([A-Z][A-Z_0-9]*)\s+)?(src=.*)$/;

export function parseEntry(line: string): ConntrackEntry | null {
  const [, protocol, protocolNumber, secondsLeft, state, rest] = ENTRY.exec(line.trim()) ?? [];
  if (protocol === undefined || rest === undefined) return null;
  const first = (key: string) => new RegExp(`\\b${key}=(\\S+)`).exec(rest)?.[1];
  const number = (key: string) => (first(key) === undefined ? null : Number(first(key)));
  return {
    protocol,
    protocolNumber: Number(protocolNumber),
    secondsLeft: Number(secondsLeft),
    state: state ?? null,
    original: {
      source: first('src') ?? '',
      destination: first('dst') ?? '',
      sourcePort: number('sport'),
      destinationPort: number('dport'),
      identifier: number('id'),
    },
    unreplied: rest.includes('[UNREPLIED]'),
    mark: Number(first('mark') ?? 0),
  };
}
