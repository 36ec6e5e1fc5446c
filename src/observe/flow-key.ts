import { PROTOCOL } from '../cloud/protocol.js';
import type { Packet } from './packet.js';

/** The addresses and ports that tell one flow's packets from all others, in one direction. */
export interface FlowEnds {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/**
 * A key by protocol and addresses; TCP and UDP add the ports, echo messages their identifier (as both ports), as
 * connection tracking does (aws-semantics 4.1).
 */
export function flowKey(protocol: number, ends: FlowEnds): string {
  return `${protocol} ${ends.source} ${ends.sourcePort} ${ends.destination} ${ends.destinationPort}`;
}

export function keyOfPacket(packet: Packet): string {
  const { icmp, ...ends } = packet;
  if (icmp === null || icmp.about !== null) return flowKey(packet.protocol, ends);
  return flowKey(packet.protocol, { ...ends, sourcePort: icmp.identifier, destinationPort: icmp.identifier });
}

/** The key of a packet that answers this one. */
export function reverseKeyOfPacket(packet: Packet): string {
  const { source, sourcePort, destination, destinationPort } = packet;
  const ends = { source: destination, sourcePort: destinationPort, destination: source, destinationPort: sourcePort };
  return keyOfPacket({ ...packet, ...ends });
}

export function isIcmp(protocol: number): boolean {
  return protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
}
