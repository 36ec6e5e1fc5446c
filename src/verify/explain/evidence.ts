/** The kernel's evidence about a probe: packets that it reported, counters, and connections that cards track. */

import { hasPorts, protocolNumber } from '../../cloud/protocol.js';
import type { ProbeQuestion } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import { addressesOnPath, forwardedEnds } from '../../observe/address-aliases.js';
import type { Connection } from '../../observe/connections.js';
import { type Packet, parsePacket } from '../../observe/packet.js';
import { ETHERNET_HEADER, type PacketReport } from '../../observe/packet-report.js';
import type { ExplainContext } from './types.js';

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

/** A report about one of the probe's packets, or about an ICMP error about it. */
export interface ProbeReport {
  readonly report: PacketReport;
  readonly packet: Packet;
}

export interface KernelEvidence {
  readonly cards: Evidence;
  readonly reports: readonly ProbeReport[];
  /** The client's port; null if no report has it. */
  readonly clientPort: number | null;
}

/**
 * Selects the probe's reports from those about all traffic meanwhile. The client took a port that was not used lately:
 * it identifies the probe, whatever gateways and balancers make of the addresses and of the other port.
 */
export function kernelEvidence(
  { cloud, question }: Pick<ExplainContext, 'cloud' | 'question'>,
  before: CardStates,
  after: CardStates,
  reports: readonly PacketReport[],
): KernelEvidence {
  const asked = requestEnds(cloud, question);
  const cards = evidenceOf(question, { before, after }, new Set(asked.map(({ destinationPort }) => destinationPort)));
  const parsed = reports.flatMap((report) => {
    const packet = parsePacket(Buffer.from(report.frame, 'base64').subarray(ETHERNET_HEADER));
    return packet === null ? [] : [{ report, packet }];
  });
  const first = parsed.find(({ packet }) => asked.some((ends) => isRequest(question, packet, ends)));
  const clientPort = first?.packet.sourcePort ?? null;
  return {
    cards,
    reports: parsed.filter(({ packet }) => isOfProbe(question, clientPort, packet.icmp?.about ?? packet)),
    clientPort: hasPorts(question.protocol) ? (clientPort ?? sourcePortOf(cards)) : null,
  };
}

type RequestEnds = Partial<Pick<Packet, 'source' | 'destination'>> & Pick<Packet, 'destinationPort'>;

/** The request as a place may see it: no gateway has translated more than one of its addresses yet, or it is behind a balancer. */
function requestEnds(cloud: Cloud, question: ProbeQuestion): RequestEnds[] {
  const { sourceAddress, destinationAddress, port } = question;
  const destinationPort = port ?? 0;
  return [
    { source: sourceAddress, destinationPort },
    { destination: destinationAddress, destinationPort },
    ...forwardedEnds(cloud, question, addressesOnPath(cloud, question.from, sourceAddress)),
  ];
}

function isRequest({ protocol }: ProbeQuestion, packet: Packet, ends: RequestEnds): boolean {
  const { source = packet.source, destination = packet.destination, destinationPort } = ends;
  const isBetween = packet.source === source && packet.destination === destination;
  return isBetween && packet.protocol === protocolNumber(protocol) && packet.destinationPort === destinationPort;
}

function isOfProbe(question: ProbeQuestion, clientPort: number | null, packet: Packet): boolean {
  if (packet.protocol !== protocolNumber(question.protocol)) return false;
  if (question.port === null) return true;
  return clientPort !== null && [packet.sourcePort, packet.destinationPort].includes(clientPort);
}

/** The differences that the probe made. A card without an earlier state is compared with its present one. */
function evidenceOf(
  { protocol, port }: ProbeQuestion,
  { before, after }: { readonly before: CardStates; readonly after: CardStates },
  ports: ReadonlySet<number>,
): Evidence {
  const isAbout = ({ protocolNumber: number, original }: Connection) =>
    number === protocolNumber(protocol) && (port === null || ports.has(original.destinationPort ?? 0));
  return new Map(
    [...after].map(([interfaceId, now]) => {
      const then = before.get(interfaceId) ?? now;
      const packets = [...now.packets].map(
        ([id, count]) => [id, { before: then.packets.get(id) ?? 0, after: count }] as const,
      );
      const known = new Set(then.connections.map(identity));
      const made = now.connections.filter((each) => isAbout(each) && !known.has(identity(each)));
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

function identity({ protocolNumber: number, original }: Connection): string {
  const { source, sourcePort, destination, destinationPort } = original;
  return [number, source, sourcePort, destination, destinationPort].join(' ');
}
