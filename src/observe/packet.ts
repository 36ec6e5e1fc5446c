/** The headers of an IP packet, as far as a verdict needs them. */

import type { Family } from '../cloud/groups/types.js';
import { formatAddress } from '../cloud/network/cidr.js';
import { PROTOCOL } from '../cloud/protocol.js';

export interface Packet {
  readonly family: Family;
  readonly source: string;
  readonly destination: string;
  /** IP protocol number. */
  readonly protocol: number;
  /** TCP and UDP; 0 otherwise. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** ICMP and ICMPv6; null otherwise. */
  readonly icmp: IcmpHeader | null;
}

export interface IcmpHeader {
  readonly type: number;
  readonly code: number;
  /** Identifier and sequence number of echo messages. */
  readonly identifier: number;
  readonly sequence: number;
  /** Bytes that the next link carries, by an error about a packet that is too big; null in all others. */
  readonly mtu: number | null;
  /** The packet that an error is about, as far as it was quoted; null for messages that are no errors. */
  readonly about: Packet | null;
}

const ICMP_ERRORS: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** Extension headers of IPv6 that a transport header may stand behind: hop-by-hop, routing, fragment, destination. */
const EXTENSION_HEADERS: ReadonlySet<number> = new Set([0, 43, 44, 60]);

/** @param data from the IP header on @returns null for anything that is not a whole IP header */
export function parsePacket(data: Buffer): Packet | null {
  const version = (data[0] ?? 0) >> 4;
  if (version === 4 && data.length >= 20) return parseIpv4(data);
  if (version === 6 && data.length >= 40) return parseIpv6(data);
  return null;
}

function parseIpv4(data: Buffer): Packet {
  const headerLength = (data.readUInt8(0) & 0xf) * 4;
  return {
    family: 'ipv4',
    source: `${data[12]}.${data[13]}.${data[14]}.${data[15]}`,
    destination: `${data[16]}.${data[17]}.${data[18]}.${data[19]}`,
    ...parseTransport(data.readUInt8(9), data.subarray(headerLength)),
  };
}

function parseIpv6(data: Buffer): Packet {
  let protocol = data.readUInt8(6);
  let at = 40;
  while (EXTENSION_HEADERS.has(protocol) && at + 8 <= data.length) {
    const length = protocol === 44 ? 8 : (data.readUInt8(at + 1) + 1) * 8;
    protocol = data.readUInt8(at);
    at += length;
  }
  return {
    family: 'ipv6',
    source: ipv6Address(data, 8),
    destination: ipv6Address(data, 24),
    ...parseTransport(protocol, data.subarray(at)),
  };
}

function ipv6Address(data: Buffer, at: number): string {
  return formatAddress('ipv6', (data.readBigUInt64BE(at) << 64n) | data.readBigUInt64BE(at + 8));
}

type Transport = Pick<Packet, 'protocol' | 'sourcePort' | 'destinationPort' | 'icmp'>;

function parseTransport(protocol: number, data: Buffer): Transport {
  const none = { protocol, sourcePort: 0, destinationPort: 0, icmp: null };
  if ((protocol === PROTOCOL.tcp || protocol === PROTOCOL.udp) && data.length >= 4) {
    return { ...none, sourcePort: data.readUInt16BE(0), destinationPort: data.readUInt16BE(2) };
  }
  if (protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6) {
    return { ...none, icmp: parseIcmp(protocol, data) };
  }
  return none;
}

/** @param data from the ICMP header on @returns null for less than a whole header, which raw sockets deliver, too */
export function parseIcmp(protocol: number, data: Buffer): IcmpHeader | null {
  if (data.length < 8) return null;
  const type = data.readUInt8(0);
  // ICMPv6 keeps types below 128 for errors (RFC 4443).
  const isError = protocol === PROTOCOL.icmpv6 ? type < 128 : ICMP_ERRORS.has(type);
  return {
    type,
    code: data.readUInt8(1),
    identifier: data.readUInt16BE(4),
    sequence: data.readUInt16BE(6),
    mtu: reportedMtu(protocol, data),
    about: isError ? parsePacket(data.subarray(8)) : null,
  };
}

/** "Fragmentation needed" has it in two bytes, "packet too big" in four (RFC 1191, RFC 4443). */
function reportedMtu(protocol: number, data: Buffer): number | null {
  const [type, code] = data;
  if (protocol === PROTOCOL.icmpv6) return type === 2 ? data.readUInt32BE(4) : null;
  return type === 3 && code === 4 ? data.readUInt16BE(6) : null;
}
