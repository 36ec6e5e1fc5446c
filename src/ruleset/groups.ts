import { canReference } from '../cloud/groups/group-vpcs.js';
import { groupMembers } from '../cloud/groups/members.js';
import type { Family, SecurityGroupRule } from '../cloud/groups/types.js';
import type { Cloud } from '../cloud/types.js';

import { type NamedSet, namedSet } from './types.js';

/** Name of the set of a group's private addresses of a family: `sg-0123456789abcdef0-4`. */
export function memberSetName(groupId: string, family: Family): string {
  return `${groupId}-${family === 'ipv4' ? 4 : 6}`;
}

/**
 * One set per referenced group and family, of the members that a card in the VPC can meet: other VPCs may use the same
 * addresses for other interfaces. Attaching the group elsewhere changes its elements and nothing else (S42).
 */
export function memberSets(
  cloud: Cloud,
  vpcId: string,
  rules: readonly SecurityGroupRule[],
  family: Family,
): NamedSet[] {
  const ids = new Set(rules.flatMap(({ peer }) => (peer.type === 'group' ? [peer.groupId] : [])));
  const type = family === 'ipv4' ? 'ipv4_addr' : 'ipv6_addr';
  const inReach = new Set(Object.keys(cloud.vpcs).filter((other) => canReference(cloud, 'ingress', vpcId, other)));
  return [...ids]
    .sort()
    .map((id) => namedSet(memberSetName(id, family), type, groupMembers(cloud, id, family, inReach)));
}
