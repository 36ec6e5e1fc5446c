import { CloudError } from '../errors.js';
import type { Family } from '../groups/types.js';
import { makeId, nextSerial } from '../ids.js';
import { getRouteTable, getSubnet, getVpc, named, withEntry } from '../lookup.js';
import { checkName } from '../text/names.js';
import type { Cloud } from '../types.js';
import { parseCidr } from './cidr.js';
import type { Route, RouteTable, RouteTarget, Subnet, Vpc } from './types.js';
import { vpcBlocks } from './vpc-blocks.js';

/** The packet's mark has 12 bits for the table; AWS grants 200 tables per VPC (QUO). */
const MAX_NUMBER = 4095;

const EVERYWHERE: Readonly<Record<Family, string>> = { ipv4: '0.0.0.0/0', ipv6: '::/0' };

export interface RouteTableInput {
  readonly vpcId: string;
  /** Left out: its id. */
  readonly name?: string;
}

/** A route table with nothing but the local routes. Throws CloudError for a name that is taken. */
export function createRouteTable(cloud: Cloud, input: RouteTableInput): { cloud: Cloud; routeTable: RouteTable } {
  if (input.name !== undefined) checkName('a route table', input.name);
  const vpc = getVpc(cloud, input.vpcId);
  if (input.name !== undefined && named(cloud.routeTables, input.name).length > 0) {
    throw new CloudError(
      'InvalidParameterValue',
      `the route table ${input.name} exists already`,
      'Give it another name.',
    );
  }
  const base = nextSerial(cloud);
  return addRouteTable(base, vpc, input.name ?? makeId(base, 'rtb'), []);
}

/** A table as a VPC is born with it. */
export function makeRouteTable(cloud: Cloud, vpc: Vpc, { id, name }: { id: string; name: string }): RouteTable {
  const numbers = Object.values(cloud.routeTables).map((table) => table.number);
  const number = Math.max(0, ...numbers) + 1;
  if (number > MAX_NUMBER) {
    throw new CloudError('RouteTableLimitExceeded', 'The maximum number of route tables has been reached.');
  }
  return { id, name, vpcId: vpc.id, number, routes: vpcBlocks(vpc).map((cidr) => routeTo(cidr, { type: 'local' })) };
}

/** The table of a VPC's `public` subnets; made when the first of them needs it. */
export function publicRouteTable(cloud: Cloud, vpc: Vpc, gatewayId: string): { cloud: Cloud; routeTable: RouteTable } {
  const name = `${vpc.name}.public`;
  const [routeTable] = named(cloud.routeTables, name);
  if (routeTable !== undefined) return { cloud, routeTable };
  const families: Family[] = vpc.ipv6Cidr === null ? ['ipv4'] : ['ipv4', 'ipv6'];
  const defaults = families.map((family) => routeTo(EVERYWHERE[family], { type: 'internet-gateway', gatewayId }));
  return addRouteTable(cloud, vpc, name, defaults);
}

/**
 * Gives a subnet another route table; null is the VPC's main one. In AWS: AssociateRouteTable, ReplaceRouteTableAssociation,
 * DisassociateRouteTable. Throws CloudError for a table of another VPC.
 */
export function associateRouteTable(
  cloud: Cloud,
  subnetId: string,
  routeTableId: string | null,
): { cloud: Cloud; subnet: Subnet } {
  const subnet = { ...getSubnet(cloud, subnetId), routeTableId };
  if (routeTableId !== null && getRouteTable(cloud, routeTableId).vpcId !== subnet.vpcId) {
    throw new CloudError(
      'InvalidParameterValue',
      `Route table ${routeTableId} and subnet ${subnetId} belong to different networks`,
      'Use a route table of the same VPC.',
    );
  }
  return { cloud: { ...cloud, subnets: withEntry(cloud.subnets, subnet) }, subnet };
}

/** ReplaceRouteTableAssociation of a VPC's main table: subnets without one of their own follow it. Throws CloudError. */
export function replaceMainRouteTable(cloud: Cloud, vpcId: string, routeTableId: string): Cloud {
  const vpc = getVpc(cloud, vpcId);
  if (getRouteTable(cloud, routeTableId).vpcId !== vpc.id) {
    throw new CloudError(
      'InvalidParameterValue',
      `Route table ${routeTableId} and network ${vpc.id} belong to different networks`,
      'Use a route table of the same VPC.',
    );
  }
  return { ...cloud, vpcs: withEntry(cloud.vpcs, { ...vpc, mainRouteTableId: routeTableId }) };
}

/** Its id comes from the cloud's present serial number, of which it is the only table. */
function addRouteTable(
  cloud: Cloud,
  vpc: Vpc,
  name: string,
  routes: readonly Route[],
): { cloud: Cloud; routeTable: RouteTable } {
  const made = makeRouteTable(cloud, vpc, { id: makeId(cloud, 'rtb'), name });
  const routeTable = { ...made, routes: [...made.routes, ...routes] };
  return { cloud: { ...cloud, routeTables: withEntry(cloud.routeTables, routeTable) }, routeTable };
}

function routeTo(cidr: string, target: RouteTarget): Route {
  return { destination: { type: 'cidr', family: parseCidr(cidr).family, cidr }, target };
}
