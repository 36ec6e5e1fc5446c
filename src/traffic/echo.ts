import type { Family } from '../cloud/groups/types.js';
import { internetChecksum } from '../kernel/raw.js';

export const ECHO_REQUEST: Readonly<Record<Family, number>> = { ipv4: 8, ipv6: 128 };
export const ECHO_REPLY: Readonly<Record<Family, number>> = { ipv4: 0, ipv6: 129 };

export function echoMessage(family: Family, type: number, identifier: number, sequence: number): Buffer {
  return icmpMessage(family, { type, code: 0, identifier, sequence });
}

/** Type, code, checksum, identifier, sequence, and time stamps enough for types that carry them. */
export function icmpMessage(
  family: Family,
  header: { readonly type: number; readonly code: number; readonly identifier: number; readonly sequence: number },
): Buffer {
  const message = Buffer.alloc(36);
  message.writeUInt8(header.type, 0);
  message.writeUInt8(header.code, 1);
  message.writeUInt16BE(header.identifier, 4);
  message.writeUInt16BE(header.sequence, 6);
  // The kernel fills in ICMPv6's checksum itself: it covers addresses that only routing chooses.
  if (family === 'ipv4') message.writeUInt16BE(internetChecksum(message), 2);
  return message;
}
