import { cidrAt, isCidr, parseCidr } from '../../cloud/network/cidr.js';
import type { Cursor } from '../../source/cursor.js';

const MAX_COUNT = 256;

/** `Fn::Cidr`: the first blocks of a block, each with so many bits for hosts. */
export function cidrBlocks(place: Cursor, block: string, count: number, hostBits: number): string[] {
  if (!isCidr(block)) throw place.problem(`Fn::Cidr cannot divide ${JSON.stringify(block)}, which is no CIDR block`);
  const whole = parseCidr(block);
  const bits = whole.family === 'ipv4' ? 32 : 128;
  const prefixLength = bits - hostBits;
  if (!(count >= 1 && count <= MAX_COUNT) || !(prefixLength >= whole.prefixLength && prefixLength <= bits)) {
    throw place.problem(`Fn::Cidr cannot make ${count} blocks with ${hostBits} bits of ${block}`);
  }
  const size = 1n << BigInt(hostBits);
  return Array.from({ length: count }, (_, position) => whole.first + BigInt(position) * size)
    .filter((first) => first <= whole.last)
    .map((first) => cidrAt(whole.family, first, prefixLength).text);
}
