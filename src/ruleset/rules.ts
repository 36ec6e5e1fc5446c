import { byId } from '../cloud/by-id.js';
import { isStale } from '../cloud/groups/group-vpcs.js';
import type { Direction, Family, SecurityGroupRule } from '../cloud/groups/types.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { parseCidr } from '../cloud/network/cidr.js';
import type { Cloud } from '../cloud/types.js';
import { type PacketClass, spansOf, WHOLE_LINE } from './axis.js';
import { MARK_UNTRACKED } from './names.js';

/**
 * The union of an interface's groups in one direction, without duplicates: no group can subtract (S34, S40). Stale
 * rules match nothing (3.4).
 */
export function effectiveRules(
  cloud: Cloud,
  { groupIds }: NetworkInterface,
  direction: Direction,
): SecurityGroupRule[] {
  return [...new Set(groupIds)].flatMap((id) => {
    const group = byId(cloud.securityGroups, id);
    return group.rules.filter((rule) => rule.direction === direction && !isStale(cloud, group, rule));
  });
}

/** An entry 0.0.0.0/0 of a prefix list does not count: AWS names the CIDR only, and a pair of /1 does not count either. */
export function isAnyPeer({ peer }: SecurityGroupRule, family: Family): boolean {
  return peer.type === 'cidr' && peer.family === family && parseCidr(peer.cidr).prefixLength === 0;
}

/**
 * The classes whose flows any-peer rules of the other direction leave untracked: those for which `reverse` admits every
 * port from or to anywhere (S61 … S67). Only TCP and UDP: every other protocol is always tracked (4.2).
 */
export function untrackedClasses(reverse: readonly SecurityGroupRule[], family: Family): ReadonlySet<PacketClass> {
  const anyPeer = reverse.filter((rule) => isAnyPeer(rule, family));
  const isOpen = (packetClass: PacketClass): boolean => anyPeer.some((rule) => isOpenToAll(rule, family, packetClass));
  return new Set((['tcp', 'udp'] as const).filter(isOpen));
}

/** Whether the rule admits every port, or every type, of the class. */
export function isOpenToAll(rule: SecurityGroupRule, family: Family, packetClass: PacketClass): boolean {
  return spansOf(rule, family, packetClass).some(
    ({ first, last }) => last - first === WHOLE_LINE.last - WHOLE_LINE.first,
  );
}

/** The connection's mark after the rule has admitted it: `SecurityGroupRule.index`, and whether it is untracked. */
export function markOf(rule: SecurityGroupRule, untracked: boolean): string {
  const mark = untracked ? (rule.index | MARK_UNTRACKED) >>> 0 : rule.index;
  return `0x${mark.toString(16).padStart(8, '0')}`;
}
