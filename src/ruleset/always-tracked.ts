/** Paths whose flows are tracked whatever the rules are (4.3), where the other end's address tells them. */
import type { Direction } from '../cloud/groups/types.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { MARK_RULE_MASK } from './names.js';
import { type NamedSet, namedSet } from './types.js';

/** The addresses of these interfaces; no set at all without any. */
export function alwaysTrackedSets(interfaces: readonly NetworkInterface[]): NamedSet[] {
  if (interfaces.length === 0) return [];
  return [
    namedSet('always-tracked4', 'ipv4_addr', new Set(interfaces.flatMap((eni) => eni.privateIpAddresses))),
    namedSet('always-tracked6', 'ipv6_addr', new Set(interfaces.flatMap((eni) => eni.ipv6Addresses))),
  ];
}

/** Statements that take "untracked" out of the mark that the rule gave the packet. */
export function trackAlways(direction: Direction): string[] {
  const peer = direction === 'ingress' ? 'saddr' : 'daddr';
  const tracked = `meta mark set meta mark & 0x${MARK_RULE_MASK.toString(16)}`;
  return [`ip ${peer} @always-tracked4 ${tracked}`, `ip6 ${peer} @always-tracked6 ${tracked}`];
}
