import type { Cursor } from '../../source/cursor.js';
import { BLACKHOLE, type Inventory } from '../inventory.js';
import { nameTag } from './network.js';

/**
 * The members that can name a route's target, in the order in which they are asked: an instance's route names its
 * interface too.
 */
const TARGETS = [
  'NetworkInterfaceId',
  'InstanceId',
  'GatewayId',
  'EgressOnlyInternetGatewayId',
  'VpcPeeringConnectionId',
  'NatGatewayId',
  'TransitGatewayId',
  'LocalGatewayId',
  'CarrierGatewayId',
  'CoreNetworkArn',
] as const;

export function readGateways(inventory: Inventory, internet: readonly Cursor[], egressOnly: readonly Cursor[]): void {
  const kinds = [
    { items: internet, id: 'InternetGatewayId', type: 'internet' },
    { items: egressOnly, id: 'EgressOnlyInternetGatewayId', type: 'egress-only' },
  ] as const;
  for (const { items, id, type } of kinds) {
    for (const item of items) {
      const key = item.needText(id);
      const [vpc] = item.items('Attachments').flatMap((attachment) => attachment.text('VpcId') ?? []);
      if (vpc !== undefined) inventory.gateways.push({ key, type, vpc });
      else inventory.unsupported.push({ place: item.place(key), reason: 'a gateway that is attached to no VPC' });
    }
  }
}

export function readRouteTables(inventory: Inventory, items: readonly Cursor[]): void {
  for (const item of items) {
    const id = item.needText('RouteTableId');
    const associations = item.items('Associations');
    inventory.routeTables.push({
      key: id,
      id,
      name: nameTag(item),
      vpc: item.needText('VpcId'),
      isMain: associations.some((each) => each.flag('Main') === true),
      subnets: associations.flatMap((each) => each.text('SubnetId') ?? []),
      place: item.place(id),
    });
    for (const each of associations) {
      const gateway = each.text('GatewayId');
      if (gateway === null) continue;
      inventory.unsupported.push({ place: each.place(id), reason: `the edge association with ${gateway}`, of: [id] });
    }
    for (const route of item.items('Routes')) readRoute(inventory, id, route);
  }
}

function readRoute(inventory: Inventory, table: string, route: Cursor): void {
  const to =
    route.text('DestinationCidrBlock') ??
    route.text('DestinationIpv6CidrBlock') ??
    route.text('DestinationPrefixListId');
  const [target] = TARGETS.flatMap((key) => route.text(key) ?? []);
  const via = route.text('State') === 'blackhole' ? BLACKHOLE : target;
  if (to === null) throw route.problem('a route without destination');
  if (via === undefined) {
    inventory.unsupported.push({
      place: route.place(table),
      reason: `the route to ${to} leads to nothing that is named`,
      of: [table],
    });
    return;
  }
  inventory.routes.push({ table, to, via, place: route.place(table) });
}
