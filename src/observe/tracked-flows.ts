/** Everything that a card remembers of flows: entries of connection tracking, streams of UDP, pairs of addresses. */

import type { Family } from '../cloud/groups/types.js';
import { PROTOCOL } from '../cloud/protocol.js';
import { type ConntrackEntry, listConntrack } from '../kernel/conntrack.js';
import type { Netns } from '../kernel/netns.js';
import { listTimedElements, type SetReference, type TimedElement } from '../kernel/nft-elements.js';
import { MARK_NO_RULE, MARK_STREAM, PAIRS, STREAMS } from '../ruleset/names.js';

const TRACKED_BY_KERNEL: ReadonlySet<number> = new Set(Object.values(PROTOCOL));
const TABLE = 'inet sg';
const SETS: Readonly<Record<Family, readonly SetReference[]>> = {
  ipv4: [STREAMS, PAIRS].map(({ ip }) => ({ table: TABLE, kind: 'map', name: ip })),
  ipv6: [STREAMS, PAIRS].map(({ ip6 }) => ({ table: TABLE, kind: 'set', name: ip6 })),
};

/** A stream's time is its own; where its entry is gone already, the instance's side counts as the one that began it. */
export async function trackedFlows(netns: Netns, families: readonly Family[]): Promise<ConntrackEntry[]> {
  const sets = families.flatMap((family) => SETS[family]);
  const [entries, [elements = []]] = await Promise.all([
    listConntrack(netns),
    listTimedElements([{ namespace: netns, places: sets }]),
  ]);
  const streams = elements.filter(({ place }) => place.name === STREAMS.ip || place.name === STREAMS.ip6).map(stream);
  const pairs = elements.filter(({ place }) => place.name === PAIRS.ip || place.name === PAIRS.ip6).map(pair);
  const left = new Set(streams);
  const shown = entries.filter(isOfInstance).map((entry) => {
    const found = (entry.mark & MARK_STREAM) === 0 ? undefined : streams.find((each) => isSameFlow(each, entry));
    if (found === undefined) return entry;
    left.delete(found);
    return { ...entry, state: 'STREAM', secondsLeft: found.secondsLeft };
  });
  return [...shown, ...left, ...pairs];
}

/** The card's own bridge speaks too, of group memberships; of its instance other protocols are never tracked by the kernel. */
function isOfInstance({ protocolNumber }: ConntrackEntry): boolean {
  return TRACKED_BY_KERNEL.has(protocolNumber);
}

function stream({ key, mark, secondsLeft }: TimedElement): ConntrackEntry {
  const [source = '', sourcePort, destination = '', destinationPort] = key;
  return {
    protocol: 'udp',
    protocolNumber: PROTOCOL.udp,
    secondsLeft,
    state: 'STREAM',
    original: {
      source,
      destination,
      sourcePort: Number(sourcePort),
      destinationPort: Number(destinationPort),
      identifier: null,
    },
    unreplied: false,
    mark: mark ?? MARK_NO_RULE,
  };
}

function pair({ key, mark, secondsLeft }: TimedElement): ConntrackEntry {
  const [source = '', destination = '', protocol = ''] = key;
  return {
    protocol,
    protocolNumber: Number(protocol),
    secondsLeft,
    state: 'PAIR',
    original: { source, destination, sourcePort: null, destinationPort: null, identifier: null },
    unreplied: false,
    mark: mark ?? MARK_NO_RULE,
  };
}

function isSameFlow({ original: a }: ConntrackEntry, { original: b }: ConntrackEntry): boolean {
  const [one, two, three] = [ends(a), ends(b), ends(reversed(b))];
  return one === two || one === three;
}

function reversed({ source, sourcePort, destination, destinationPort, identifier }: ConntrackEntry['original']) {
  const ends = { source: destination, sourcePort: destinationPort, destination: source, destinationPort: sourcePort };
  return { ...ends, identifier };
}

function ends({ source, sourcePort, destination, destinationPort }: ConntrackEntry['original']): string {
  return [source, sourcePort, destination, destinationPort].join(' ');
}
