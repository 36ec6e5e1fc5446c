/** Checks where a route may lead: not to what is in another VPC or belongs to something else. */

import { CloudError } from '../errors.js';
import { getInternetGateway } from '../gateways/internet-gateway.js';
import { getPeering, peerVpcId } from '../gateways/peering.js';
import { getTransitGateway, isAttached } from '../gateways/transit-gateway.js';
import { byId, getAnyInterface, getPrefixList, vpcIdOfInterface } from '../lookup.js';
import type { Cloud } from '../types.js';
import { type Cidr, familyOf, parseBlock, parseCidr } from './cidr.js';
import type { Route, RouteDestination, RouteTable, RouteTarget, Vpc } from './types.js';
import { noInternetGateway } from './vpc.js';

/** A target as it may be asked for: a gateway without its id is the VPC's own. */
export type TargetInput =
  | RouteTarget
  /** What was deleted since; AWS goes on naming it. */
  | { readonly type: 'blackhole' }
  | { readonly type: 'internet-gateway'; readonly gatewayId?: never }
  | { readonly type: 'egress-only-internet-gateway'; readonly gatewayId?: never };

/** The id of a gateway that no lab has: a route to it is a blackhole. */
const GONE = 'igw-00000000000000000';

/** Throws CloudError where the VPC has no such gateway. */
export function toTarget(vpc: Vpc, table: RouteTable, target: TargetInput): RouteTarget {
  if (target.type === 'blackhole') return { type: 'internet-gateway', gatewayId: GONE };
  if (target.type === 'internet-gateway') {
    const gatewayId = target.gatewayId ?? vpc.internetGatewayId;
    if (gatewayId === null) throw noInternetGateway(vpc, `route table ${table.name} names it`);
    return { type: 'internet-gateway', gatewayId };
  }
  if (target.type === 'egress-only-internet-gateway') {
    const gatewayId = target.gatewayId ?? vpc.egressOnlyInternetGatewayId;
    if (gatewayId === null) throw noEgressOnlyGateway(vpc);
    return { type: 'egress-only-internet-gateway', gatewayId };
  }
  return target;
}

/** Throws CloudError for a target that the table cannot have. */
export function checkTarget(cloud: Cloud, vpc: Vpc, table: RouteTable, { destination, target }: Route): void {
  switch (target.type) {
    case 'local':
      return;
    case 'gateway-endpoint':
      throw endpointRoute(table, destination);
    case 'peering':
      checkPeering(cloud, vpc, target.peeringId);
      return;
    case 'transit-gateway':
      checkAttached(cloud, vpc, target.transitGatewayId);
      return;
    case 'internet-gateway':
      checkGateway(cloud, vpc, table, target.gatewayId);
      return;
    case 'egress-only-internet-gateway':
      checkEgressOnly(cloud, vpc, destination, target.gatewayId);
      return;
    case 'interface': {
      const eni = getAnyInterface(cloud, target.interfaceId);
      if (vpcIdOfInterface(cloud, eni) === vpc.id) return;
      throw new CloudError(
        'InvalidParameterValue',
        `route table ${table.id} and interface ${eni.id} belong to different networks`,
        `${table.name} is in VPC ${vpc.name}.`,
      );
    }
  }
}

/** The endpoint makes it and takes it away. */
export function endpointRoute(table: RouteTable, destination: RouteDestination): CloudError {
  return new CloudError(
    'InvalidParameterValue',
    `cannot change VPC endpoint route ${destinationText(destination)} in route table ${table.id}`,
    'Name the route table in the endpoint, or not; or associate the subnet with another table.',
  );
}

function checkGateway(cloud: Cloud, vpc: Vpc, table: RouteTable, gatewayId: string): void {
  if (vpc.internetGatewayId === gatewayId || gatewayId === GONE) return;
  const { id } = getInternetGateway(cloud, gatewayId);
  throw new CloudError(
    'InvalidParameterValue',
    `route table ${table.id} and network gateway ${id} belong to different networks`,
    `Attach it to VPC ${vpc.name}.`,
  );
}

function noEgressOnlyGateway(vpc: Vpc): CloudError {
  return new CloudError(
    'InvalidGatewayID.NotFound',
    `VPC ${vpc.name} has no egress-only internet gateway`,
    `Give it \`egressOnlyInternetGateway: true\`.`,
  );
}

function checkPeering(cloud: Cloud, vpc: Vpc, peeringId: string): void {
  const peering = getPeering(cloud, peeringId);
  if (peerVpcId(peering, vpc.id) !== null) return;
  throw new CloudError(
    'InvalidParameterValue',
    `route table and peering ${peering.id} belong to different networks`,
    `${peering.name} does not connect VPC ${vpc.name}.`,
  );
}

function checkAttached(cloud: Cloud, vpc: Vpc, transitGatewayId: string): void {
  const gateway = getTransitGateway(cloud, transitGatewayId);
  if (isAttached(gateway, vpc.id)) return;
  throw new CloudError(
    'InvalidTransitGatewayID.NotFound',
    `Transit Gateway ${gateway.id} was deleted or does not exist.`,
    `VPC ${vpc.name} is not attached to ${gateway.name}.`,
  );
}

function checkEgressOnly(cloud: Cloud, vpc: Vpc, destination: RouteDestination, gatewayId: string): void {
  if (vpc.egressOnlyInternetGatewayId !== gatewayId) throw noEgressOnlyGateway(vpc);
  if (blocksOfDestination(cloud, destination).every(({ family }) => family === 'ipv6')) return;
  throw new CloudError(
    'InvalidParameterValue',
    `An egress-only internet gateway takes IPv6 only, not ${destinationText(destination)}`,
    'Use an IPv6 block; for IPv4 there are NAT gateways.',
  );
}

/** The blocks of a family that the destination stands for. */
export function blocksOfDestination(cloud: Cloud, destination: RouteDestination): Cidr[] {
  if (destination.type === 'cidr') return [parseCidr(destination.cidr)];
  return byId(cloud.prefixLists, destination.prefixListId).entries.map(({ cidr }) => parseCidr(cidr));
}

/** CIDR blocks are canonicalised, as everywhere (A6). */
export function readDestination(cloud: Cloud, text: string): RouteDestination {
  if (text.startsWith('pl-')) return { type: 'prefix-list', prefixListId: getPrefixList(cloud, text).id };
  const family = familyOf(text);
  const parameter = family === 'ipv4' ? 'destinationCidrBlock' : 'destinationIpv6CidrBlock';
  return { type: 'cidr', family, cidr: parseBlock(parameter, family, text).text };
}

export function destinationText(destination: RouteDestination): string {
  return destination.type === 'cidr' ? destination.cidr : destination.prefixListId;
}

export function isSameDestination(a: RouteDestination, b: RouteDestination): boolean {
  return destinationText(a) === destinationText(b);
}
