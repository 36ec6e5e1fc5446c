/** What the kernel has to show for a probe: packets that it reported, counters, and what cards remember. */

import { hasPorts, protocolNumber } from '../../cloud/protocol.js';
import type { ProbeQuestion } from '../../cloud/text/probe.js';
import type { Connection } from '../../observe/connections.js';
import { type Packet, parsePacket } from '../../observe/packet.js';
import { ETHERNET_HEADER, type PacketReport } from '../../observe/packet-report.js';

/** One card at one moment. */
export interface CardState {
  /** Packets that each rule admitted, by the rule's id. */
  readonly packets: ReadonlyMap<string, number>;
  readonly connections: readonly Connection[];
}

export interface CardEvidence {
  readonly packets: ReadonlyMap<string, { readonly before: number; readonly after: number }>;
  /** The entry that the probe made; null where it made none. */
  readonly connection: Connection | null;
}

/** By interface id. */
export type Evidence = ReadonlyMap<string, CardEvidence>;
export type CardStates = ReadonlyMap<string, CardState>;

/** A report about one of the probe's packets, with who sent that. */
export interface ProbeReport {
  readonly report: PacketReport;
  readonly source: string;
}

export interface KernelEvidence {
  readonly cards: Evidence;
  readonly reports: readonly ProbeReport[];
  /** The client's port; null where nobody reported one. */
  readonly clientPort: number | null;
}

/**
 * The reports about the probe among those about everything that went on meanwhile. Its client took a port that nobody had
 * lately: the ports of the two ends tell it apart, whatever gateways make of the addresses.
 */
export function kernelEvidence(
  question: ProbeQuestion,
  before: CardStates,
  after: CardStates,
  reports: readonly PacketReport[],
): KernelEvidence {
  const cards = evidenceOf(question, before, after);
  const parsed = reports.flatMap((report) => {
    const packet = parsePacket(Buffer.from(report.frame, 'base64').subarray(ETHERNET_HEADER));
    return packet === null ? [] : [{ report, packet }];
  });
  const clientPort = parsed.find(({ packet }) => isRequest(question, packet))?.packet.sourcePort ?? null;
  const own = parsed.filter(({ packet }) => isOfProbe(question, clientPort, packet.icmp?.about ?? packet));
  return {
    cards,
    reports: own.map(({ report, packet }) => ({ report, source: packet.source })),
    clientPort: hasPorts(question.protocol) ? (clientPort ?? sourcePortOf(cards)) : null,
  };
}

/** As the first place saw it: no gateway has touched either both of its addresses or none. */
function isRequest(question: ProbeQuestion, { source, destination, protocol, destinationPort }: Packet): boolean {
  const isAbout = protocol === protocolNumber(question.protocol) && destinationPort === (question.port ?? 0);
  return isAbout && (source === question.sourceAddress || destination === question.destinationAddress);
}

function isOfProbe(question: ProbeQuestion, clientPort: number | null, packet: Packet): boolean {
  if (packet.protocol !== protocolNumber(question.protocol)) return false;
  if (question.port === null) return true;
  const ports = [packet.sourcePort, packet.destinationPort];
  return clientPort !== null && ports.includes(clientPort) && ports.includes(question.port);
}

/** What the probe changed. A card that was not looked at before counts from what it has now. */
function evidenceOf(question: ProbeQuestion, before: CardStates, after: CardStates): Evidence {
  return new Map(
    [...after].map(([interfaceId, now]) => {
      const then = before.get(interfaceId) ?? now;
      const packets = [...now.packets].map(
        ([id, count]) => [id, { before: then.packets.get(id) ?? 0, after: count }] as const,
      );
      const known = new Set(then.connections.map(identity));
      const made = now.connections.filter((each) => isAbout(each, question) && !known.has(identity(each)));
      return [interfaceId, { packets: new Map(packets), connection: made.at(-1) ?? null }];
    }),
  );
}

/** As the first card that remembers the probe saw it. */
function sourcePortOf(cards: Evidence): number | null {
  return [...cards.values()].flatMap(({ connection }) => connection?.original.sourcePort ?? [])[0] ?? null;
}

/** Flows without ports are told by their addresses alone: a probe may be part of one that is remembered. */
export function isRemembered(question: ProbeQuestion, before: CardStates): boolean {
  const addresses = [question.sourceAddress, question.destinationAddress];
  return [...before.values()].some(({ connections }) =>
    connections.some(
      ({ state, protocolNumber: number, original }) =>
        state === 'PAIR' &&
        number === protocolNumber(question.protocol) &&
        [original.source, original.destination].some((address) => addresses.includes(address)),
    ),
  );
}

function isAbout({ protocolNumber: number, original }: Connection, { protocol, port }: ProbeQuestion): boolean {
  return number === protocolNumber(protocol) && (port === null || original.destinationPort === port);
}

function identity({ protocolNumber: number, original }: Connection): string {
  const { source, sourcePort, destination, destinationPort } = original;
  return [number, source, sourcePort, destination, destinationPort].join(' ');
}
