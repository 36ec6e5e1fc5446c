import type { ProbeSpec } from './probe.js';

const ICMP_ERRORS: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** Whether a message is one about another packet (RFC 792; ICMPv6 keeps types below 128 for them, RFC 4443). */
export function isIcmpError({ protocol, icmpType }: Pick<ProbeSpec, 'protocol' | 'icmpType'>): boolean {
  if (icmpType === null) return false;
  return protocol === 'icmpv6' ? icmpType < 128 : protocol === 'icmp' && ICMP_ERRORS.has(icmpType);
}
