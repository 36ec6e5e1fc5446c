/** The VPCs that a group can be used in (AssociateSecurityGroupVpc, 3.3), and what a reference to it stands for. */

import { CloudError } from '../errors.js';
import { isPeered } from '../gateways/peering.js';
import { isReferencedByTransit } from '../gateways/transit-gateway.js';
import type { InterfaceBody, NetworkInterface } from '../interfaces/types.js';
import { allInterfaces, byId, getSecurityGroup, getVpc, vpcIdOfInterface, withEntry } from '../lookup.js';
import { type Cidr, hostCidr, parseCidr } from '../network/cidr.js';
import type { Cloud } from '../types.js';
import type { Direction, Family, Peer, SecurityGroup, SecurityGroupRule } from './types.js';

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

/** The interfaces with a card that have the group now. */
export function groupInterfaces(cloud: Cloud, groupId: string): NetworkInterface[] {
  return Object.values(cloud.networkInterfaces).filter((eni) => eni.groupIds.includes(groupId));
}

/**
 * The addresses that a reference to the group stands for: every private address of its interfaces, secondary ones
 * included, public ones never (section 3.1 of the semantics, S44, S45), also while nothing answers there. In no particular
 * order.
 * @param vpcIds those whose interfaces count; null: all
 */
export function groupMembers(
  cloud: Cloud,
  groupId: string,
  family: Family,
  vpcIds: ReadonlySet<string> | null = null,
): string[] {
  const members = allInterfaces(cloud).filter(
    (eni) => eni.groupIds.includes(groupId) && (vpcIds === null || vpcIds.has(vpcIdOfInterface(cloud, eni))),
  );
  return members.flatMap((eni) => addressesOf(eni, family));
}

/** The addresses that the instance itself has on the interface; the primary one first. */
export function addressesOf(eni: InterfaceBody, family: Family): readonly string[] {
  return family === 'ipv4' ? eni.privateIpAddresses : eni.ipv6Addresses;
}

/** The blocks that a rule's peer stands for in this moment: its own, its prefix list's, or one per member. */
export function peerCidrs(cloud: Cloud, rule: Pick<SecurityGroupRule, 'peer'>): string[] {
  const { peer } = rule;
  if (peer.type === 'cidr') return [peer.cidr];
  if (peer.type === 'prefix-list') return byId(cloud.prefixLists, peer.prefixListId).entries.map((entry) => entry.cidr);
  return [...groupMembers(cloud, peer.groupId, 'ipv4'), ...groupMembers(cloud, peer.groupId, 'ipv6')].map(hostCidr);
}

/** The blocks of a peer other than a group, of either family. */
export function blocksOf(cloud: Cloud, peer: Peer): Cidr[] {
  if (peer.type === 'cidr') return [parseCidr(peer.cidr)];
  if (peer.type === 'group') return [];
  return byId(cloud.prefixLists, peer.prefixListId).entries.map(({ cidr }) => parseCidr(cidr));
}

/** The families that the interface has addresses of; IPv4 always. */
export function familiesOf({ ipv6Addresses }: NetworkInterface): readonly Family[] {
  return ipv6Addresses.length > 0 ? ['ipv4', 'ipv6'] : ['ipv4'];
}
