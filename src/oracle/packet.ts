import type { Family } from '../cloud/groups/types.js';

/** A packet as the model knows it: the fields that AWS's rules can see, and those that tell flows apart. Plain data. */
export interface ModelPacket {
  readonly family: Family;
  /** Canonical text, as src/cloud/network/cidr.ts writes it. */
  readonly source: string;
  readonly destination: string;
  /** IP protocol number. */
  readonly protocol: number;
  /** TCP and UDP; 0 otherwise. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** The one flag of TCP that moves the connection on, `ack` for data; null for other protocols. */
  readonly tcp: TcpFlag | null;
  /** ICMP and ICMPv6; null otherwise. */
  readonly icmp: IcmpPart | null;
}

export type TcpFlag = 'syn' | 'syn-ack' | 'ack' | 'fin' | 'rst';

export interface IcmpPart {
  readonly type: number;
  readonly code: number;
  /** The identifier of a query or its answer. */
  readonly identifier: number;
  /** The packet that an error is about; null for everything else. */
  readonly about: ModelPacket | null;
}

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;

/** Queries and the type of their answers (RFC 792, RFC 4443), which are tracked by their identifier. */
const ANSWER_OF: ReadonlyMap<number, ReadonlyMap<number, number>> = new Map([
  [
    ICMP,
    new Map([
      [8, 0],
      [13, 14],
      [15, 16],
      [17, 18],
    ]),
  ],
  [ICMPV6, new Map([[128, 129]])],
]);

export function isIcmp({ protocol }: ModelPacket): boolean {
  return protocol === ICMP || protocol === ICMPV6;
}

/** The type that answers the packet's ICMP query; null for a packet that is no query. */
export function answerType({ protocol, icmp }: ModelPacket): number | null {
  return icmp === null ? null : (ANSWER_OF.get(protocol)?.get(icmp.type) ?? null);
}

export function isIcmpAnswer({ protocol, icmp }: ModelPacket): boolean {
  return icmp !== null && [...(ANSWER_OF.get(protocol)?.values() ?? [])].includes(icmp.type);
}

/** The two ends exchanged; everything else stays. */
export function reversed(packet: ModelPacket): ModelPacket {
  return {
    ...packet,
    source: packet.destination,
    destination: packet.source,
    sourcePort: packet.destinationPort,
    destinationPort: packet.sourcePort,
  };
}

/** The addresses by which a gateway speaks of itself (RFC 7600, RFC 9780). */
const GATEWAY = { ipv4: '192.0.0.8', ipv6: '100:0:0:1::8' } as const;

/** A gateway's error about a packet that the next link does not carry: "fragmentation needed", "packet too big". */
export function tooBigError(about: ModelPacket): ModelPacket {
  const isIpv4 = about.family === 'ipv4';
  return {
    family: about.family,
    source: GATEWAY[about.family],
    destination: about.source,
    protocol: isIpv4 ? ICMP : ICMPV6,
    sourcePort: 0,
    destinationPort: 0,
    tcp: null,
    icmp: isIpv4 ? { type: 3, code: 4, identifier: 0, about } : { type: 2, code: 0, identifier: 0, about },
  };
}
