/** Groups in VPCs besides their own (AssociateSecurityGroupVpc, 3.3). */
import { byId, withEntry } from '../by-id.js';
import { CloudError } from '../errors.js';
import { isPeered } from '../gateways/peering.js';
import { isReferencedByTransit } from '../gateways/transit-gateway.js';
import { allInterfaces, getSecurityGroup, getVpc, vpcIdOfInterface } from '../lookup.js';
import type { Cloud } from '../types.js';
import type { Direction, SecurityGroup, SecurityGroupRule } from './types.js';

/** The VPCs whose interfaces can have the group, its own first. */
export function vpcIdsOfGroup({ vpcId, associatedVpcIds }: SecurityGroup): readonly string[] {
  return [vpcId, ...associatedVpcIds];
}

export function isUsableIn(group: SecurityGroup, vpcId: string): boolean {
  return vpcIdsOfGroup(group).includes(vpcId);
}

/** Throws CloudError for default groups and default VPCs (ASSOC), and where the group can be used already. */
export function associateGroup(cloud: Cloud, groupId: string, vpcId: string): Cloud {
  const group = getSecurityGroup(cloud, groupId);
  const vpc = getVpc(cloud, vpcId);
  const own = byId(cloud.vpcs, group.vpcId);
  if (isUsableIn(group, vpc.id)) {
    throw new CloudError('InvalidParameterValue', `The security group ${group.id} can be used in ${vpc.id} already.`);
  }
  if (own.defaultGroupId === group.id || own.isDefault || vpc.isDefault) {
    throw new CloudError(
      'InvalidParameterValue',
      'Default security groups and security groups of default VPCs cannot be associated, and default VPCs have no associations.',
    );
  }
  return withVpcs(cloud, group, [...group.associatedVpcIds, vpc.id]);
}

/** Throws CloudError while an interface there has the group. Rules there that refer to it become stale (3.4). */
export function disassociateGroup(cloud: Cloud, groupId: string, vpcId: string): Cloud {
  const group = getSecurityGroup(cloud, groupId);
  const vpc = getVpc(cloud, vpcId);
  if (!group.associatedVpcIds.includes(vpc.id)) {
    const text = `The security group ${group.id} is not associated with ${vpc.id}.`;
    throw new CloudError('InvalidParameterValue', text);
  }
  const user = allInterfaces(cloud).find(
    (eni) => eni.groupIds.includes(group.id) && vpcIdOfInterface(cloud, eni) === vpc.id,
  );
  if (user !== undefined) {
    const text = `resource ${group.id} has a dependent object`;
    throw new CloudError('DependencyViolation', text, `Network interface ${user.id} in VPC ${vpc.name} has it.`);
  }
  return withVpcs(
    cloud,
    group,
    group.associatedVpcIds.filter((id) => id !== vpc.id),
  );
}

function withVpcs(cloud: Cloud, group: SecurityGroup, associatedVpcIds: readonly string[]): Cloud {
  return { ...cloud, securityGroups: withEntry(cloud.securityGroups, { ...group, associatedVpcIds }) };
}

/** Whether rules of a VPC's groups may refer to groups of another VPC now, so that its members match (3.3). */
export function canReference(cloud: Cloud, direction: Direction, vpcId: string, otherVpcId: string): boolean {
  if (vpcId === otherVpcId || isPeered(cloud, vpcId, otherVpcId)) return true;
  return direction === 'ingress' && isReferencedByTransit(cloud, vpcId, otherVpcId);
}

/** Whether rules of the group may refer to the other one now: where both can be used, or from VPC to VPC. */
export function canReferenceGroup(
  cloud: Cloud,
  direction: Direction,
  group: SecurityGroup,
  other: SecurityGroup,
): boolean {
  if (vpcIdsOfGroup(other).some((vpcId) => isUsableIn(group, vpcId))) return true;
  return canReference(cloud, direction, group.vpcId, other.vpcId);
}

/** The rule stays and counts, and matches nothing until its group is in reach again (3.4). */
export function isStale(
  cloud: Cloud,
  group: SecurityGroup,
  { direction, peer }: Pick<SecurityGroupRule, 'direction' | 'peer'>,
): boolean {
  if (peer.type !== 'group') return false;
  return !canReferenceGroup(cloud, direction, group, byId(cloud.securityGroups, peer.groupId));
}
