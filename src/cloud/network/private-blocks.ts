/** Blocks whose addresses no network beyond an internet gateway has. */
import type { Family } from '../groups/types.js';
import { cidrContains, parseAddress, parseCidr } from './cidr.js';

/** Private use and shared address space (RFC 1918, RFC 6598; S115 … S118), and IPv6's unique local addresses (RFC 4193). */
export const PRIVATE_BLOCKS: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'],
  ipv6: ['fc00::/7'],
};

export function isPrivate(address: string): boolean {
  const parsed = parseAddress(address);
  return PRIVATE_BLOCKS[parsed.family].some((block) => cidrContains(parseCidr(block), parsed));
}
