import { CloudError } from '../errors.js';
import { byId, findById, getRouteTable, withEntry } from '../lookup.js';
import type { Cloud } from '../types.js';
import { type Cidr, cidrContainsCidr, parseCidr } from './cidr.js';
import {
  blocksOfDestination,
  checkTarget,
  destinationText,
  endpointRoute,
  isSameDestination,
  readDestination,
  type TargetInput,
  toTarget,
} from './route-target.js';
import type { Route, RouteDestination, RouteTable, RouteTarget, Vpc } from './types.js';
import { isInsideVpc, vpcBlocks } from './vpc-blocks.js';

/** Link-local services live there; AWS takes no route inside (RT). */
const RESERVED = [parseCidr('169.254.168.0/22'), parseCidr('fd00:ec2::/32')];

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

/** The route of a table to just this destination. */
export function findRoute(cloud: Cloud, table: RouteTable, destination: string): Route | undefined {
  const wanted = readDestination(cloud, destination);
  return table.routes.find((route) => isSameDestination(route.destination, wanted));
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
  checkTarget(cloud, vpc, table, { destination, target });
  const other = table.routes.find((route) => isSameDestination(route.destination, destination));
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
  const route = table.routes.find((candidate) => isSameDestination(candidate.destination, destination));
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

function isOwnBlock(vpc: Vpc, destination: RouteDestination): boolean {
  return destination.type === 'cidr' && vpcBlocks(vpc).includes(destination.cidr);
}
