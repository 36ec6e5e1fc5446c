/** IP packets built byte for byte, with correct lengths and checksums. */

import type { Family } from '../cloud/groups/types.js';
import { parseAddress } from '../cloud/network/cidr.js';
import { PROTOCOL } from '../cloud/protocol.js';
import { internetChecksum } from '../kernel/raw.js';

export interface Datagram {
  readonly family: Family;
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  /** Its TTL over IPv4. */
  readonly hopLimit: number;
  /** The packet from its transport header on. */
  readonly payload: Buffer;
}

/** What the header of a whole packet and those of its fragments share. */
type Header = Omit<Datagram, 'family' | 'payload'>;

const FRAGMENT_HEADER = 44;
const MORE_FRAGMENTS = { ipv4: 0x2000, ipv6: 1 } as const;

export function ipPacket({ family, payload, ...header }: Datagram): Buffer {
  return family === 'ipv4'
    ? Buffer.concat([ipv4Header(header, payload.length, WHOLE), payload])
    : Buffer.concat([ipv6Header(header, payload.length), payload]);
}

/**
 * Splits the datagram into fragments.
 * @param size most bytes of payload in each; rounded down to a multiple of 8
 */
export function fragments({ family, payload, ...header }: Datagram, size: number): Buffer[] {
  const step = Math.max(8, size - (size % 8));
  const identification = 1 + Math.floor(Math.random() * 0xfffe);
  return Array.from({ length: Math.ceil(payload.length / step) }, (_, index) => {
    const offset = index * step;
    const part = payload.subarray(offset, offset + step);
    const more = offset + step < payload.length ? MORE_FRAGMENTS[family] : 0;
    if (family === 'ipv4') {
      const fragment = { identification, flagsAndOffset: more | (offset / 8) };
      return Buffer.concat([ipv4Header(header, part.length, fragment), part]);
    }
    const extension = Buffer.alloc(8);
    extension.writeUInt8(header.protocol, 0);
    extension.writeUInt16BE(offset | more, 2);
    extension.writeUInt32BE(identification, 4);
    return Buffer.concat([ipv6Header({ ...header, protocol: FRAGMENT_HEADER }, 8 + part.length), extension, part]);
  });
}

/** Fills in the checksum of TCP, UDP, ICMP or ICMPv6; other protocols have none. */
export function withChecksum(datagram: Datagram): Datagram {
  const at = { [PROTOCOL.tcp]: 16, [PROTOCOL.udp]: 6, [PROTOCOL.icmp]: 2, [PROTOCOL.icmpv6]: 2 }[datagram.protocol];
  if (at === undefined) return datagram;
  const payload = Buffer.from(datagram.payload);
  payload.writeUInt16BE(0, at);
  const covered = datagram.protocol === PROTOCOL.icmp ? payload : Buffer.concat([pseudoHeader(datagram), payload]);
  // A UDP checksum of zero would mean that there is none.
  payload.writeUInt16BE(internetChecksum(covered) || 0xffff, at);
  return { ...datagram, payload };
}

function pseudoHeader({ protocol, source, destination, payload }: Datagram): Buffer {
  const rest = Buffer.alloc(8);
  rest.writeUInt32BE(payload.length, 0);
  rest.writeUInt32BE(protocol, 4);
  return Buffer.concat([addressBytes(source), addressBytes(destination), rest]);
}

interface Ipv4Fragment {
  readonly identification: number;
  /** The header's 16 bits: flags, then the offset in units of 8 bytes. */
  readonly flagsAndOffset: number;
}

const WHOLE: Ipv4Fragment = { identification: 0, flagsAndOffset: 0 };

/** @param length bytes after the header */
function ipv4Header(
  { protocol, source, destination, hopLimit }: Header,
  length: number,
  { identification, flagsAndOffset }: Ipv4Fragment,
): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + length, 2);
  header.writeUInt16BE(identification, 4);
  header.writeUInt16BE(flagsAndOffset, 6);
  header.writeUInt8(hopLimit, 8);
  header.writeUInt8(protocol, 9);
  addressBytes(source).copy(header, 12);
  addressBytes(destination).copy(header, 16);
  header.writeUInt16BE(internetChecksum(header), 10);
  return header;
}

/** @param length bytes after the header */
function ipv6Header({ protocol, source, destination, hopLimit }: Header, length: number): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(length, 4);
  header.writeUInt8(protocol, 6);
  header.writeUInt8(hopLimit, 7);
  addressBytes(source).copy(header, 8);
  addressBytes(destination).copy(header, 24);
  return header;
}

function addressBytes(address: string): Buffer {
  const { family, value } = parseAddress(address);
  return Buffer.from(value.toString(16).padStart(family === 'ipv4' ? 8 : 32, '0'), 'hex');
}
