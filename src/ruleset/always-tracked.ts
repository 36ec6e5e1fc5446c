/** Flows that are tracked whatever the rules are (4.3), identified by the peer's address. */
import type { Direction } from '../cloud/groups/types.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { MARK_RULE_MASK } from './names.js';
import { type NamedSet, namedSet } from './types.js';

/** A set of the addresses of these interfaces; no set if there are none. */
export function alwaysTrackedSets(interfaces: readonly NetworkInterface[]): NamedSet[] {
  if (interfaces.length === 0) return [];
  return [
    namedSet('always-tracked4', 'ipv4_addr', new Set(interfaces.flatMap((eni) => eni.privateIpAddresses))),
    namedSet('always-tracked6', 'ipv6_addr', new Set(interfaces.flatMap((eni) => eni.ipv6Addresses))),
  ];
}

/** Statements that clear "untracked" in the mark that the rule gave the packet. */
export function trackAlways(direction: Direction): string[] {
  const peer = direction === 'ingress' ? 'saddr' : 'daddr';
  const tracked = `meta mark set meta mark & 0x${MARK_RULE_MASK.toString(16)}`;
  return [`ip ${peer} @always-tracked4 ${tracked}`, `ip6 ${peer} @always-tracked6 ${tracked}`];
}
