import { CloudError } from '../errors.js';
import type { PrefixList } from '../groups/types.js';
import { makeId, nextSerial } from '../ids.js';
import { byId, findById, getPrefixList, getRouteTable, getVpc, withEntry, withoutEntry } from '../lookup.js';
import { nextPublicIp } from '../network/internet-address.js';
import type { RouteTable } from '../network/types.js';
import { checkName } from '../text/names.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';
import type { GatewayEndpoint } from './types.js';

export interface GatewayEndpointInput {
  /** Left out: its id. */
  readonly name?: string;
  readonly vpcId: string;
  /** The prefix list of a service that has gateway endpoints. */
  readonly prefixListId: string;
  readonly routeTableIds: readonly string[];
  readonly policy?: string | null;
}

/** Services that have such endpoints (GWE). */
const SERVICES = /\.(s3|dynamodb)$/;

/**
 * A gateway endpoint. Each of its route tables gets the route to the service's prefix list, which only goes with the endpoint:
 * who has it reaches the service, without any other way out (S112). Throws CloudError.
 */
export function createGatewayEndpoint(
  cloud: Cloud,
  input: GatewayEndpointInput,
): { cloud: Cloud; endpoint: GatewayEndpoint } {
  if (input.name !== undefined) checkName('an endpoint', input.name);
  const vpc = getVpc(cloud, input.vpcId);
  const list = getPrefixList(cloud, input.prefixListId);
  if (!gatewayServices(cloud).includes(list)) {
    throw new CloudError(
      'InvalidServiceName',
      `The Vpc Endpoint Service '${list.name}' does not exist`,
      'Gateway endpoints are for s3 and dynamodb.',
    );
  }
  if (Object.values(cloud.gatewayEndpoints).some(({ name }) => name === input.name)) {
    throw new CloudError('InvalidParameterValue', `the endpoint ${input.name} exists already`, 'Give it another name.');
  }
  const base = nextSerial(cloud);
  const id = makeId(base, 'vpce');
  const endpoint: GatewayEndpoint = {
    id,
    name: input.name ?? id,
    vpcId: vpc.id,
    prefixListId: list.id,
    publicIp: nextPublicIp(cloud),
    policy: input.policy ?? null,
  };
  const tables = input.routeTableIds.map((id) => withEndpoint(getRouteTable(cloud, id), endpoint));
  return {
    cloud: {
      ...base,
      gatewayEndpoints: withEntry(base.gatewayEndpoints, endpoint),
      routeTables: tables.reduce((all, table) => withEntry(all, table), base.routeTables),
    },
    endpoint,
  };
}

export interface GatewayEndpointChange {
  readonly addRouteTableIds?: readonly string[];
  readonly removeRouteTableIds?: readonly string[];
  /** Left out: as it is; null: full access. */
  readonly policy?: string | null;
}

/** ModifyVpcEndpoint: the route comes and goes with the association of a route table. Throws CloudError. */
export function modifyGatewayEndpoint(cloud: Cloud, id: string, change: GatewayEndpointChange): Cloud {
  const before = getGatewayEndpoint(cloud, id);
  const { addRouteTableIds = [], removeRouteTableIds = [], policy = before.policy } = change;
  const endpoint = { ...before, policy };
  const removed = removeRouteTableIds.map((each) => withoutEndpoint(getRouteTable(cloud, each), endpoint));
  const fewer = removed.reduce((all, table) => withEntry(all, table), cloud.routeTables);
  const added = addRouteTableIds
    .map((each) => getRouteTable({ ...cloud, routeTables: fewer }, each))
    .filter((table) => !leadsTo(table, endpoint))
    .map((table) => withEndpoint(table, endpoint));
  const routeTables = added.reduce((all, table) => withEntry(all, table), fewer);
  return { ...cloud, routeTables, gatewayEndpoints: withEntry(cloud.gatewayEndpoints, endpoint) };
}

/** DeleteVpcEndpoints: its routes go with it. Throws CloudError. */
export function deleteGatewayEndpoint(cloud: Cloud, id: string): Cloud {
  const endpoint = getGatewayEndpoint(cloud, id);
  const routeTables = tablesOfEndpoint(cloud, endpoint)
    .map((table) => withoutEndpoint(table, endpoint))
    .reduce((all, table) => withEntry(all, table), cloud.routeTables);
  return { ...cloud, routeTables, gatewayEndpoints: withoutEntry(cloud.gatewayEndpoints, endpoint.id) };
}

export function getGatewayEndpoint(cloud: Cloud, id: string): GatewayEndpoint {
  const found = findById(cloud.gatewayEndpoints, id);
  if (found !== undefined) return found;
  const text = `The Vpc Endpoint Id '${printable(id)}' does not exist`;
  throw new CloudError('InvalidVpcEndpointId.NotFound', text);
}

/** The route tables that have its route. */
export function tablesOfEndpoint(cloud: Cloud, endpoint: GatewayEndpoint): RouteTable[] {
  return Object.values(cloud.routeTables).filter((table) => leadsTo(table, endpoint));
}

/** The services that have gateway endpoints, by their prefix lists. */
export function gatewayServices(cloud: Cloud): PrefixList[] {
  return Object.values(cloud.prefixLists).filter(({ managedByAws, name }) => managedByAws && SERVICES.test(name));
}

/** The endpoints of a VPC. */
export function gatewayEndpointsOf(cloud: Cloud, vpcId: string): GatewayEndpoint[] {
  return Object.values(cloud.gatewayEndpoints).filter((endpoint) => endpoint.vpcId === vpcId);
}

/** `s3`: the last part of its prefix list's name. */
export function serviceOf(cloud: Cloud, { prefixListId }: GatewayEndpoint): string {
  return byId(cloud.prefixLists, prefixListId).name.split('.').at(-1) ?? '';
}

function leadsTo({ routes }: RouteTable, { id }: GatewayEndpoint): boolean {
  return routes.some(({ target }) => target.type === 'gateway-endpoint' && target.endpointId === id);
}

function withoutEndpoint(table: RouteTable, { id }: GatewayEndpoint): RouteTable {
  const isOther = ({ target }: RouteTable['routes'][number]) =>
    target.type !== 'gateway-endpoint' || target.endpointId !== id;
  return { ...table, routes: table.routes.filter(isOther) };
}

function withEndpoint(table: RouteTable, { id, name, vpcId, prefixListId }: GatewayEndpoint): RouteTable {
  if (table.vpcId !== vpcId) {
    throw new CloudError(
      'InvalidRouteTableId.NotFound',
      `The routeTable ID '${table.id}' does not exist`,
      `Route table ${table.name} is in another VPC than endpoint ${name}.`,
    );
  }
  const destination = { type: 'prefix-list', prefixListId } as const;
  const isTaken = table.routes.some(
    (route) => route.destination.type === 'prefix-list' && route.destination.prefixListId === prefixListId,
  );
  if (!isTaken)
    return {
      ...table,
      routes: [...table.routes, { destination, target: { type: 'gateway-endpoint', endpointId: id } }],
    };
  throw new CloudError(
    'RouteAlreadyExists',
    `route table ${table.id} already has a route with destination-prefix-list-id ${prefixListId}`,
    `Leave ${table.name} out: one endpoint per service and route table.`,
  );
}
