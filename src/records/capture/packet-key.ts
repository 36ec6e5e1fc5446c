/** What stays the same of a packet on its way through routers: by it a card's report is recognised as being about a captured packet. */
import type { Cloud } from '../../cloud/types.js';
import { twinsOf } from '../../observe/addresses-seen.js';
import { type Packet, PROTOCOL, parsePacket } from '../../observe/packet.js';
import { LOG_SNAPLEN } from '../../ruleset/names.js';

const CHECKSUM_AT: ReadonlyMap<number, number> = new Map([
  [PROTOCOL.tcp, 16],
  [PROTOCOL.udp, 6],
  [PROTOCOL.icmp, 2],
  [PROTOCOL.icmpv6, 2],
]);
/** Behind it an ICMP error quotes a packet, whose addresses are translated as well. */
const ICMP_HEADER = 8;

/**
 * Made of everything that a report keeps of a packet, without what routers, gateways and network cards change: lifetime, checksums,
 * and which of its two addresses an instance appears by.
 * @param data from the IP header on @returns null for what is no IP packet
 */
export function packetKey(cloud: Cloud, data: Buffer): string | null {
  const packet = parsePacket(data);
  if (packet === null) return null;
  const bytes = Buffer.from(data.subarray(0, LOG_SNAPLEN));
  const start = packet.family === 'ipv4' ? (bytes.readUInt8(0) & 0xf) * 4 : 40;
  if (packet.family === 'ipv4') bytes.fill(0, 8, 9).fill(0, 10, 20);
  else bytes.fill(0, 7, 40);
  const checksum = CHECKSUM_AT.get(packet.protocol);
  if (checksum !== undefined)
    bytes.fill(0, Math.min(start + checksum, bytes.length), Math.min(start + checksum + 2, bytes.length));
  const end = isIcmpError(packet) ? start + ICMP_HEADER : bytes.length;
  return `${oneAddress(cloud, packet.source)} ${oneAddress(cloud, packet.destination)} ${bytes.toString('base64', 0, end)}`;
}

function isIcmpError({ icmp }: Packet): boolean {
  return icmp !== null && icmp.about !== null;
}

/** One for both addresses of an instance that has a public one. */
export function oneAddress(cloud: Cloud, address: string): string {
  return twinsOf(cloud, address).sort()[0] ?? address;
}
