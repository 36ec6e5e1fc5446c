import type { Route as RouteItem, RouteTableAssociation, RouteTable as RouteTableItem } from '@aws-sdk/client-ec2';
import { associationId } from '../../cloud/ids.js';
import { byId, findById, findInstance } from '../../cloud/lookup.js';
import { routeState } from '../../cloud/network/routes.js';
import type { Route, RouteDestination, RouteTable, RouteTarget } from '../../cloud/network/types.js';
import type { Cloud } from '../../cloud/types.js';
import { tagList } from './common.js';

export function routeTableItem(cloud: Cloud, table: RouteTable): RouteTableItem {
  return {
    RouteTableId: table.id,
    VpcId: table.vpcId,
    OwnerId: cloud.accountId,
    Associations: associationsOf(cloud, table),
    PropagatingVgws: [],
    Routes: table.routes.map((route) => routeItem(cloud, table, route)),
    Tags: tagList(cloud, table.id),
  };
}

/** The main route table is associated with the VPC, each other one with subnets. */
export function associationsOf(cloud: Cloud, { id, vpcId }: RouteTable): RouteTableAssociation[] {
  const isMain = byId(cloud.vpcs, vpcId).mainRouteTableId === id;
  const subnets = Object.values(cloud.subnets).filter(({ routeTableId }) => routeTableId === id);
  const common = { RouteTableId: id, AssociationState: { State: 'associated' } } as const;
  return [
    ...(isMain ? [{ ...common, Main: true, RouteTableAssociationId: associationId('rtbassoc', vpcId, id) }] : []),
    ...subnets.map((subnet) => ({
      ...common,
      Main: false,
      RouteTableAssociationId: associationId('rtbassoc', subnet.id, id),
      SubnetId: subnet.id,
    })),
  ];
}

function routeItem(cloud: Cloud, { vpcId }: RouteTable, route: Route): RouteItem {
  return {
    ...destinationPart(route.destination),
    ...targetPart(cloud, route.target),
    Origin: route.target.type === 'local' ? 'CreateRouteTable' : 'CreateRoute',
    State: routeState(cloud, byId(cloud.vpcs, vpcId), route),
  };
}

function destinationPart(destination: RouteDestination): RouteItem {
  if (destination.type === 'prefix-list') return { DestinationPrefixListId: destination.prefixListId };
  return destination.family === 'ipv4'
    ? { DestinationCidrBlock: destination.cidr }
    : { DestinationIpv6CidrBlock: destination.cidr };
}

function targetPart(cloud: Cloud, target: RouteTarget): RouteItem {
  switch (target.type) {
    case 'local':
      return { GatewayId: 'local' };
    case 'internet-gateway':
      return { GatewayId: target.gatewayId };
    case 'egress-only-internet-gateway':
      return { EgressOnlyInternetGatewayId: target.gatewayId };
    case 'peering':
      return { VpcPeeringConnectionId: target.peeringId };
    case 'transit-gateway':
      return { TransitGatewayId: target.transitGatewayId };
    case 'gateway-endpoint':
      return { GatewayId: target.endpointId };
    case 'interface':
      return interfacePart(cloud, target.interfaceId);
  }
}

/** EC2 names a NAT gateway as such, and an instance with its interface. */
function interfacePart(cloud: Cloud, interfaceId: string): RouteItem {
  const eni = findById(cloud.networkInterfaces, interfaceId) ?? findById(cloud.idleInterfaces, interfaceId);
  const instance = findInstance(cloud, eni?.instanceId ?? '');
  if (instance?.kind === 'nat-gateway') return { NatGatewayId: instance.id };
  const owner = instance === undefined ? {} : { InstanceId: instance.id, InstanceOwnerId: cloud.accountId };
  return { ...owner, NetworkInterfaceId: interfaceId };
}
