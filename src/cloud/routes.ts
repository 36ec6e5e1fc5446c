import { parseBlock } from './block.js';
import { byId, findById, withEntry } from './by-id.js';
import { type Cidr, cidrContainsCidr, parseCidr } from './cidr.js';
import { CloudError } from './errors.js';
import { getInternetGateway } from './gateways.js';
import { getAnyInterface, getPrefixList, getRouteTable, vpcIdOfInterface } from './lookup.js';
import { getPeering, peerVpcId } from './peering.js';
import { getTransitGateway, isAttached } from './transit-gateway.js';
import type { Cloud, Family, Route, RouteDestination, RouteTable, RouteTarget, Vpc } from './types.js';
import { noInternetGateway } from './vpc.js';
import { isInsideVpc, vpcBlocks } from './vpc-blocks.js';

/** Link-local services live there; AWS takes no route inside (RT). */
const RESERVED = [parseCidr('169.254.168.0/22'), parseCidr('fd00:ec2::/32')];

/** A target as it may be asked for: a gateway without its id is the VPC's own. */
export type TargetInput =
  | RouteTarget
  | { readonly type: 'internet-gateway'; readonly gatewayId?: never }
  | { readonly type: 'egress-only-internet-gateway'; readonly gatewayId?: never };

export interface RouteInput {
  /** A block or the id of a prefix list. */
  readonly destination: string;
  readonly target: TargetInput;
}

export interface RouteChange {
  readonly add?: readonly RouteInput[];
  /** Destinations. */
  readonly remove?: readonly string[];
}

/** Removes and adds routes in one step, as DeleteRoute and CreateRoute do. Throws CloudError; nothing has changed then. */
export function changeRoutes(cloud: Cloud, routeTableId: string, { add = [], remove = [] }: RouteChange): Cloud {
  let table = getRouteTable(cloud, routeTableId);
  for (const destination of remove) table = withoutRoute(cloud, table, readDestination(cloud, destination));
  for (const { destination, target } of add) table = withRoute(cloud, table, destination, target);
  return { ...cloud, routeTables: withEntry(cloud.routeTables, table) };
}

/** `blackhole`: the target is gone; the route still wins over shorter ones, and what it takes is dropped. */
export function routeState(cloud: Cloud, vpc: Vpc, { target }: Route): 'active' | 'blackhole' {
  const isThere = (): boolean => {
    switch (target.type) {
      case 'local':
        return true;
      case 'internet-gateway':
        return vpc.internetGatewayId === target.gatewayId;
      case 'egress-only-internet-gateway':
        return vpc.egressOnlyInternetGatewayId === target.gatewayId;
      case 'interface':
        return findById(cloud.networkInterfaces, target.interfaceId) !== undefined;
      case 'peering':
        return findById(cloud.peerings, target.peeringId)?.status === 'active';
      case 'gateway-endpoint':
        return findById(cloud.gatewayEndpoints, target.endpointId) !== undefined;
      case 'transit-gateway':
        return findById(cloud.transitGateways, target.transitGatewayId) !== undefined;
    }
  };
  return isThere() ? 'active' : 'blackhole';
}

/** The blocks of a family that the destination stands for. */
export function blocksOfDestination(cloud: Cloud, destination: RouteDestination): Cidr[] {
  if (destination.type === 'cidr') return [parseCidr(destination.cidr)];
  return byId(cloud.prefixLists, destination.prefixListId).entries.map(({ cidr }) => parseCidr(cidr));
}

/** The route table that decides for what a subnet's interfaces send. */
export function routeTableOf(cloud: Cloud, subnetId: string): RouteTable {
  const subnet = byId(cloud.subnets, subnetId);
  return byId(cloud.routeTables, subnet.routeTableId ?? byId(cloud.vpcs, subnet.vpcId).mainRouteTableId);
}

function withRoute(cloud: Cloud, table: RouteTable, text: string, wanted: TargetInput): RouteTable {
  const destination = readDestination(cloud, text);
  const vpc = byId(cloud.vpcs, table.vpcId);
  const target = toTarget(vpc, table, wanted);
  for (const block of blocksOfDestination(cloud, destination)) {
    checkNotReserved(block);
    checkInsideVpc(cloud, vpc, block, target);
  }
  checkTarget(cloud, vpc, table, destination, target);
  const other = table.routes.find((route) => isSame(route.destination, destination));
  if (other === undefined) return { ...table, routes: [...table.routes, { destination, target }] };
  // Only the local route of a block has a target that may be replaced in place: a table is never without one.
  if (other.target.type === 'local' && target.type === 'interface') return replaced(table, other, target);
  throw new CloudError(
    'RouteAlreadyExists',
    `The route identified by ${text} already exists.`,
    `Remove it from ${table.name} in the same step.`,
  );
}

function withoutRoute(cloud: Cloud, table: RouteTable, destination: RouteDestination): RouteTable {
  const route = table.routes.find((candidate) => isSame(candidate.destination, destination));
  const text = destinationText(destination);
  if (route === undefined) {
    throw new CloudError(
      'InvalidRoute.NotFound',
      `no route with destination-cidr-block ${text} in route table ${table.id}`,
      `${table.name} has ${table.routes.map((each) => destinationText(each.destination)).join(', ')}.`,
    );
  }
  if (route.target.type === 'gateway-endpoint') throw endpointRoute(table, destination);
  if (!isOwnBlock(byId(cloud.vpcs, table.vpcId), destination)) {
    return { ...table, routes: table.routes.filter((candidate) => candidate !== route) };
  }
  if (route.target.type !== 'local') return replaced(table, route, { type: 'local' });
  throw new CloudError(
    'InvalidParameterValue',
    `cannot remove local route ${text} in route table ${table.id}`,
    'What is inside the VPC always has a route.',
  );
}

function replaced(table: RouteTable, route: Route, target: RouteTarget): RouteTable {
  return { ...table, routes: table.routes.map((each) => (each === route ? { ...each, target } : each)) };
}

/** CIDR blocks are canonicalised, as everywhere (A6). */
function readDestination(cloud: Cloud, text: string): RouteDestination {
  if (text.startsWith('pl-')) return { type: 'prefix-list', prefixListId: getPrefixList(cloud, text).id };
  const family: Family = text.includes(':') ? 'ipv6' : 'ipv4';
  const parameter = family === 'ipv4' ? 'destinationCidrBlock' : 'destinationIpv6CidrBlock';
  return { type: 'cidr', family, cidr: parseBlock(parameter, family, text).text };
}

function destinationText(destination: RouteDestination): string {
  return destination.type === 'cidr' ? destination.cidr : destination.prefixListId;
}

function isSame(a: RouteDestination, b: RouteDestination): boolean {
  return destinationText(a) === destinationText(b);
}

function checkNotReserved(block: Cidr): void {
  const reserved = RESERVED.find((candidate) => cidrContainsCidr(candidate, block));
  if (reserved === undefined) return;
  throw new CloudError(
    'InvalidParameterValue',
    `The destination CIDR block ${block.text} is reserved`,
    `Link-local services use ${reserved.text}; AWS takes no route inside it.`,
  );
}

/** Inside its own blocks a VPC can only be told to go through an interface, and only for a whole subnet or a whole block. */
function checkInsideVpc(cloud: Cloud, vpc: Vpc, block: Cidr, target: RouteTarget): void {
  if (!isInsideVpc(vpc, block) || target.type === 'local') return;
  if (target.type !== 'interface') {
    throw new CloudError(
      'InvalidParameterValue',
      `The destination CIDR block ${block.text} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`,
    );
  }
  const subnets = Object.values(cloud.subnets).filter((subnet) => subnet.vpcId === vpc.id);
  const wholes = [...vpcBlocks(vpc), ...subnets.flatMap(({ cidr, ipv6Cidr }) => [cidr, ipv6Cidr])];
  if (wholes.includes(block.text)) return;
  throw new CloudError(
    'InvalidParameterValue',
    "Route destination doesn't match any subnet CIDR blocks.",
    `Use the block of a subnet: ${subnets.map(({ cidr }) => cidr).join(', ')}.`,
  );
}

function checkTarget(
  cloud: Cloud,
  vpc: Vpc,
  table: RouteTable,
  destination: RouteDestination,
  target: RouteTarget,
): void {
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
function endpointRoute(table: RouteTable, destination: RouteDestination): CloudError {
  return new CloudError(
    'InvalidParameterValue',
    `cannot change VPC endpoint route ${destinationText(destination)} in route table ${table.id}`,
    'Name the route table in the endpoint, or not; or associate the subnet with another table.',
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

function toTarget(vpc: Vpc, table: RouteTable, target: TargetInput): RouteTarget {
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

function checkGateway(cloud: Cloud, vpc: Vpc, table: RouteTable, gatewayId: string): void {
  if (vpc.internetGatewayId === gatewayId) return;
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

function checkEgressOnly(cloud: Cloud, vpc: Vpc, destination: RouteDestination, gatewayId: string): void {
  if (vpc.egressOnlyInternetGatewayId !== gatewayId) throw noEgressOnlyGateway(vpc);
  if (blocksOfDestination(cloud, destination).every(({ family }) => family === 'ipv6')) return;
  throw new CloudError(
    'InvalidParameterValue',
    `An egress-only internet gateway takes IPv6 only, not ${destinationText(destination)}`,
    'Use an IPv6 block; for IPv4 there are NAT gateways.',
  );
}

function isOwnBlock(vpc: Vpc, destination: RouteDestination): boolean {
  return destination.type === 'cidr' && vpcBlocks(vpc).includes(destination.cidr);
}
