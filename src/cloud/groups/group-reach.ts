import { byId } from '../by-id.js';
import { isPeered } from '../gateways/peering.js';
import { isReferencedByTransit } from '../gateways/transit-gateway.js';
import type { Cloud } from '../types.js';
import { isUsableIn, vpcIdsOfGroup } from './group-vpcs.js';
import type { Direction, SecurityGroup, SecurityGroupRule } from './types.js';

/** Whether rules of a VPC's groups may refer to groups of another VPC now, so that its members match (3.3). */
export function mayRefer(cloud: Cloud, direction: Direction, vpcId: string, otherVpcId: string): boolean {
  if (vpcId === otherVpcId || isPeered(cloud, vpcId, otherVpcId)) return true;
  return direction === 'ingress' && isReferencedByTransit(cloud, vpcId, otherVpcId);
}

/** Whether rules of the group may refer to the other one now: where both can be used, or from VPC to VPC. */
export function mayReferTo(cloud: Cloud, direction: Direction, group: SecurityGroup, other: SecurityGroup): boolean {
  if (vpcIdsOfGroup(other).some((vpcId) => isUsableIn(group, vpcId))) return true;
  return mayRefer(cloud, direction, group.vpcId, other.vpcId);
}

/** The rule stays and counts, and matches nothing until its group is in reach again (3.4). */
export function isStale(
  cloud: Cloud,
  group: SecurityGroup,
  { direction, peer }: Pick<SecurityGroupRule, 'direction' | 'peer'>,
): boolean {
  if (peer.type !== 'group') return false;
  return !mayReferTo(cloud, direction, group, byId(cloud.securityGroups, peer.groupId));
}
