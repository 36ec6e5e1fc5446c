/** Routes as the form has them, and what a saved form asks of the EC2 API. */
import { findById, findInstance, interfaceName, interfacesOfVpc } from '../../../cloud/lookup.js';
import { destinationText, readDestination } from '../../../cloud/network/route-target.js';
import type { RouteDestination, RouteTable, RouteTarget } from '../../../cloud/network/types.js';
import type { Cloud } from '../../../cloud/types.js';
import type { Ec2Request } from '../../../controller/console/protocol.js';
import type { Item, Row } from '../../editing/rows.js';
import { type Ec2Input, ec2Request } from '../../live/call.js';
import { wordsOf } from '../groups/rule-form.js';

export interface RouteValue {
  readonly destination: string;
  /** The id of a gateway, interface, instance, peering; `local`. */
  readonly target: string;
}

export const NEW_ROUTE: RouteValue = { destination: '', target: '' };

/** As EC2 names the target: a NAT gateway as such, an instance by its interface. */
export function targetId(cloud: Cloud, target: RouteTarget): string {
  switch (target.type) {
    case 'local':
      return 'local';
    case 'internet-gateway':
    case 'egress-only-internet-gateway':
      return target.gatewayId;
    case 'peering':
      return target.peeringId;
    case 'transit-gateway':
      return target.transitGatewayId;
    case 'gateway-endpoint':
      return target.endpointId;
    case 'interface': {
      const owner = findById(cloud.networkInterfaces, target.interfaceId)?.instanceId ?? '';
      const instance = findInstance(cloud, owner);
      return instance?.kind === 'nat-gateway' ? instance.id : target.interfaceId;
    }
  }
}

/** A route is the one to its destination. Those of gateway endpoints come and go with them, and are not edited. */
export function routeItems(cloud: Cloud, { routes }: RouteTable): Item<RouteValue>[] {
  return routes
    .filter(({ target }) => target.type !== 'gateway-endpoint')
    .map(({ destination, target }) => {
      const text = destinationText(destination);
      return { id: text, value: { destination: text, target: targetId(cloud, target) } };
    });
}

/** Whether the route is one of the VPC itself, which stays whatever its target is. */
export function isLocalRoute(cloud: Cloud, { vpcId }: RouteTable, { item }: Row<RouteValue>): boolean {
  const vpc = findById(cloud.vpcs, vpcId);
  return item !== null && [...(vpc?.cidrs ?? []), vpc?.ipv6Cidr].includes(item.id);
}

interface Targets {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly description?: string }[];
}

/** What a route of the table can lead to, by AWS's kinds. */
export function targetsOf(cloud: Cloud, { vpcId }: RouteTable): readonly Targets[] {
  const vpc = findById(cloud.vpcs, vpcId);
  const ids = (list: readonly (string | null | undefined)[]) =>
    list.flatMap((value) => (value == null ? [] : [{ value }]));
  const interfaces = interfacesOfVpc(cloud, vpcId);
  const isNat = (id: string) => findInstance(cloud, id)?.kind === 'nat-gateway';
  const nats = [...new Set(interfaces.map(({ instanceId }) => instanceId).filter(isNat))];
  const peerings = Object.values(cloud.peerings).filter((each) =>
    [each.requesterVpcId, each.accepterVpcId].includes(vpcId),
  );
  const transit = Object.values(cloud.transitGateways).filter(({ attachments }) =>
    attachments.some((each) => each.vpcId === vpcId),
  );
  return [
    { label: 'Local', options: ids(['local']) },
    { label: 'Internet Gateway', options: ids([vpc?.internetGatewayId]) },
    { label: 'Egress Only Internet Gateway', options: ids([vpc?.egressOnlyInternetGatewayId]) },
    { label: 'NAT Gateway', options: ids(nats) },
    { label: 'Peering Connection', options: peerings.map(({ id, name }) => ({ value: id, description: name })) },
    { label: 'Transit Gateway', options: transit.map(({ id, name }) => ({ value: id, description: name })) },
    {
      label: 'Network Interface',
      options: interfaces
        .filter(({ instanceId }) => !isNat(instanceId))
        .map(({ id }) => ({ value: id, description: interfaceName(cloud, id) })),
    },
  ].filter(({ options }) => options.length > 0);
}

export interface ReadRoute {
  readonly row: Row<RouteValue>;
  readonly destination: RouteDestination | null;
  readonly problem: { readonly field: 'destination' | 'target'; readonly text: string } | null;
}

export function readRoutes(cloud: Cloud, rows: readonly Row<RouteValue>[]): ReadRoute[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    const read = readRoute(cloud, row);
    const text = read.destination === null ? null : destinationText(read.destination);
    if (text === null || !seen.has(text)) {
      if (text !== null) seen.add(text);
      return read;
    }
    const problem = { field: 'destination', text: `The route identified by ${text} already exists.` } as const;
    return { row, destination: null, problem };
  });
}

function readRoute(cloud: Cloud, row: Row<RouteValue>): ReadRoute {
  try {
    const destination = readDestination(cloud, row.value.destination.trim());
    if (row.value.target !== '') return { row, destination, problem: null };
    return { row, destination: null, problem: { field: 'target', text: 'Choose a target.' } };
  } catch (error) {
    return { row, destination: null, problem: { field: 'destination', text: wordsOf(error) } };
  }
}

/** New routes first, then other targets of those that stay, last those that go: more specific ones are not missed in between. */
export function routeRequests(cloud: Cloud, table: RouteTable, read: readonly ReadRoute[]): Ec2Request[] {
  const present = new Map(routeItems(cloud, table).map(({ id, value }) => [id, value.target]));
  const wanted = read.flatMap(({ row, destination }) =>
    destination === null ? [] : [{ destination, id: destinationText(destination), target: row.value.target }],
  );
  const kept = new Set(wanted.map(({ id }) => id));
  const ask = (action: string, destination: RouteDestination, target: Ec2Input) =>
    ec2Request(action, { RouteTableId: table.id, ...destinationPart(destination), ...target });
  return [
    ...wanted
      .filter(({ id }) => !present.has(id))
      .map(({ destination, target }) => ask('CreateRoute', destination, targetPart(target))),
    ...wanted
      .filter(({ id, target }) => present.has(id) && present.get(id) !== target)
      .map(({ destination, target }) =>
        ask('ReplaceRoute', destination, target === 'local' ? { LocalTarget: true } : targetPart(target)),
      ),
    ...table.routes
      .filter(({ destination }) => present.has(destinationText(destination)) && !kept.has(destinationText(destination)))
      .map(({ destination }) => ask('DeleteRoute', destination, {})),
  ];
}

function destinationPart(destination: RouteDestination): Ec2Input {
  if (destination.type === 'prefix-list') return { DestinationPrefixListId: destination.prefixListId };
  return destination.family === 'ipv4'
    ? { DestinationCidrBlock: destination.cidr }
    : { DestinationIpv6CidrBlock: destination.cidr };
}

const MEMBER_OF_PREFIX: Readonly<Record<string, string>> = {
  eigw: 'EgressOnlyInternetGatewayId',
  nat: 'NatGatewayId',
  eni: 'NetworkInterfaceId',
  pcx: 'VpcPeeringConnectionId',
  tgw: 'TransitGatewayId',
};

function targetPart(target: string): Ec2Input {
  return { [MEMBER_OF_PREFIX[target.split('-')[0] ?? ''] ?? 'GatewayId']: target };
}
