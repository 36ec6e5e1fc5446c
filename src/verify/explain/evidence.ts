/** The kernel's evidence about a probe: packets that it reported, counters, and connections that cards track. */

import { hasPorts, protocolNumber } from '../../cloud/protocol.js';
import type { ProbeQuestion } from '../../cloud/text/probe.js';
import type { Connection } from '../../observe/connections.js';
import { type Packet, parsePacket } from '../../observe/packet.js';
import { ETHERNET_HEADER, type PacketReport } from '../../observe/packet-report.js';

/** The state of one card at one time. */
export interface CardState {
  /** Packets that each rule admitted, by the rule's id. */
  readonly packets: ReadonlyMap<string, number>;
  readonly connections: readonly Connection[];
}

export interface CardEvidence {
  readonly packets: ReadonlyMap<string, { readonly before: number; readonly after: number }>;
  /** The entry that the probe made; null if it made none. */
  readonly connection: Connection | null;
}

/** Evidence by interface id. */
export type Evidence = ReadonlyMap<string, CardEvidence>;
export type CardStates = ReadonlyMap<string, CardState>;

/** A report about one of the probe's packets, with that packet's sender. */
export interface ProbeReport {
  readonly report: PacketReport;
  readonly source: string;
}

export interface KernelEvidence {
  readonly cards: Evidence;
  readonly reports: readonly ProbeReport[];
  /** The client's port; null if no report has it. */
  readonly clientPort: number | null;
}

/**
 * Selects the probe's reports from those about all traffic meanwhile. The client took a port that was not used lately:
 * the ports of both ends identify the probe, whatever gateways make of the addresses.
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

/** The packet is compared as the first stage saw it: no gateway has translated more than one of its addresses yet. */
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

/** The differences that the probe made. A card without an earlier state is compared with its present one. */
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

/** The client's port in the entry of the first card that tracks the probe. */
function sourcePortOf(cards: Evidence): number | null {
  return [...cards.values()].flatMap(({ connection }) => connection?.original.sourcePort ?? [])[0] ?? null;
}

/** Flows without ports are identified by their addresses alone: a probe may belong to one that is already tracked. */
export function isAlreadyTracked(question: ProbeQuestion, before: CardStates): boolean {
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
