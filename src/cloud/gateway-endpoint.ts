import { byId, withEntry } from './by-id.js';
import { CloudError } from './errors.js';
import { makeId, nextSerial } from './ids.js';
import { nextPublicIp } from './internet-address.js';
import { getPrefixList, getRouteTable, getVpc } from './lookup.js';
import { checkName } from './names.js';
import type { Cloud, GatewayEndpoint, RouteTable } from './types.js';

export interface GatewayEndpointInput {
  readonly name: string;
  readonly vpcId: string;
  /** Of a service that has gateway endpoints. */
  readonly prefixListId: string;
  readonly routeTableIds: readonly string[];
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
  checkName('an endpoint', input.name);
  const vpc = getVpc(cloud, input.vpcId);
  const list = getPrefixList(cloud, input.prefixListId);
  if (!list.managedByAws || !SERVICES.test(list.name)) {
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
  const endpoint: GatewayEndpoint = {
    id: makeId(base, 'vpce'),
    name: input.name,
    vpcId: vpc.id,
    prefixListId: list.id,
    publicIp: nextPublicIp(cloud),
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

/** The endpoints of a VPC. */
export function gatewayEndpointsOf(cloud: Cloud, vpcId: string): GatewayEndpoint[] {
  return Object.values(cloud.gatewayEndpoints).filter((endpoint) => endpoint.vpcId === vpcId);
}

/** `s3`: the last part of its prefix list's name. */
export function serviceOf(cloud: Cloud, { prefixListId }: GatewayEndpoint): string {
  return byId(cloud.prefixLists, prefixListId).name.split('.').at(-1) ?? '';
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
