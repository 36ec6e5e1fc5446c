/** The end of VPCs and their parts: each goes only when nothing needs it any more. */

import { CloudError } from '../errors.js';
import { peerVpcId } from '../gateways/peering.js';
import { isAttached } from '../gateways/transit-gateway.js';
import { allInterfaces, byId, getNetworkAcl, getRouteTable, getSubnet, getVpc, withoutEntry } from '../lookup.js';
import type { Cloud } from '../types.js';
import type { Vpc } from './types.js';

/**
 * DeleteVpc: its default group, main route table, default network ACL and ended peerings go with it. Throws CloudError while
 * anything else is in it.
 */
export function deleteVpc(cloud: Cloud, vpcId: string): Cloud {
  const vpc = getVpc(cloud, vpcId);
  const user = userOfVpc(cloud, vpc);
  if (user !== undefined) throw dependency('vpc', vpc.id, user);
  const isElsewhere = (entry: { readonly vpcId: string }) => entry.vpcId !== vpc.id;
  return {
    ...cloud,
    vpcs: withoutEntry(cloud.vpcs, vpc.id),
    routeTables: withoutEntry(cloud.routeTables, vpc.mainRouteTableId),
    networkAcls: withoutEntry(cloud.networkAcls, vpc.defaultNetworkAclId),
    securityGroups: kept(cloud.securityGroups, isElsewhere),
    peerings: kept(cloud.peerings, (peering) => peerVpcId(peering, vpc.id) === null),
  };
}

/** DeleteSubnet. Throws CloudError while an interface is in it. */
export function deleteSubnet(cloud: Cloud, subnetId: string): Cloud {
  const subnet = getSubnet(cloud, subnetId);
  const eni = allInterfaces(cloud).find((each) => each.subnetId === subnet.id);
  if (eni === undefined) return { ...cloud, subnets: withoutEntry(cloud.subnets, subnet.id) };
  throw dependency('subnet', subnet.id, `Interface ${eni.id} is in it.`);
}

/** DeleteRouteTable. Throws CloudError for a main table, and while a subnet is associated with it. */
export function deleteRouteTable(cloud: Cloud, routeTableId: string): Cloud {
  const table = getRouteTable(cloud, routeTableId);
  const subnet = Object.values(cloud.subnets).find((each) => each.routeTableId === table.id);
  const isMain = byId(cloud.vpcs, table.vpcId).mainRouteTableId === table.id;
  if (!isMain && subnet === undefined) return { ...cloud, routeTables: withoutEntry(cloud.routeTables, table.id) };
  throw dependency(
    'routeTable',
    table.id,
    isMain ? 'It is the main table of its VPC.' : `Subnet ${subnet?.name} is associated with it.`,
  );
}

/** DeleteNetworkAcl. Throws CloudError for a default one, and while a subnet is associated with it. */
export function deleteNetworkAcl(cloud: Cloud, networkAclId: string): Cloud {
  const list = getNetworkAcl(cloud, networkAclId);
  const subnet = Object.values(cloud.subnets).find((each) => each.networkAclId === list.id);
  const isDefault = byId(cloud.vpcs, list.vpcId).defaultNetworkAclId === list.id;
  if (!isDefault && subnet === undefined) return { ...cloud, networkAcls: withoutEntry(cloud.networkAcls, list.id) };
  throw dependency(
    'networkAcl',
    list.id,
    isDefault ? 'It is the default one of its VPC.' : `Subnet ${subnet?.name} is associated with it.`,
  );
}

/** Names what has to go before the VPC can. */
function userOfVpc(cloud: Cloud, vpc: Vpc): string | undefined {
  const of = <T extends { readonly vpcId: string }>(record: Readonly<Record<string, T>>, besides?: string) =>
    Object.entries(record).find(([id, each]) => each.vpcId === vpc.id && id !== besides)?.[0];
  if (vpc.internetGatewayId !== null) return 'Its internet gateway is attached.';
  if (vpc.egressOnlyInternetGatewayId !== null) return 'It has an egress-only internet gateway.';
  const peering = Object.values(cloud.peerings).find(
    (each) => peerVpcId(each, vpc.id) !== null && (each.status === 'active' || each.status === 'pending-acceptance'),
  );
  const gateway = Object.values(cloud.transitGateways).find((each) => isAttached(each, vpc.id));
  const user =
    of(cloud.subnets) ??
    of(cloud.gatewayEndpoints) ??
    peering?.id ??
    gateway?.id ??
    of(cloud.securityGroups, vpc.defaultGroupId) ??
    of(cloud.routeTables, vpc.mainRouteTableId) ??
    of(cloud.networkAcls, vpc.defaultNetworkAclId);
  if (user !== undefined) return `${user} belongs to it.`;
  const guest = Object.values(cloud.securityGroups).find(({ associatedVpcIds }) => associatedVpcIds.includes(vpc.id));
  if (guest !== undefined) return `Group ${guest.name} is associated with it.`;
  const referring = Object.values(cloud.securityGroups).find(
    ({ vpcId, rules }) =>
      vpcId !== vpc.id && rules.some(({ peer }) => peer.type === 'group' && peer.groupId === vpc.defaultGroupId),
  );
  return referring === undefined ? undefined : `Rules of group ${referring.name} refer to its default group.`;
}

function dependency(kind: string, id: string, because: string): CloudError {
  return new CloudError('DependencyViolation', `The ${kind} '${id}' has dependencies and cannot be deleted.`, because);
}

function kept<T>(record: Readonly<Record<string, T>>, isKept: (entry: T) => boolean): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([, entry]) => isKept(entry)));
}
