import type { Cursor } from '../../source/cursor.js';
import type { PlanResource } from './plan.js';
import type { PlanReader } from './plan-reader.js';
import { onlyVpc, SUBNET_TYPES, VPC_TYPES } from './read-network.js';
import type { Refusal, ResourceReader } from './read-plan.js';

export const TABLE_TYPES = ['aws_route_table', 'aws_default_route_table'];

/** Attributes that name a route's target, and what they can name. */
const TARGETS: readonly (readonly [string, readonly string[]])[] = [
  ['gateway_id', ['aws_internet_gateway', 'aws_vpn_gateway']],
  ['egress_only_gateway_id', ['aws_egress_only_internet_gateway']],
  ['nat_gateway_id', ['aws_nat_gateway']],
  ['network_interface_id', ['aws_network_interface']],
  ['instance_id', ['aws_instance']],
  ['vpc_peering_connection_id', ['aws_vpc_peering_connection']],
  ['transit_gateway_id', ['aws_ec2_transit_gateway']],
  ['vpc_endpoint_id', ['aws_vpc_endpoint']],
];

export const ROUTE_READERS: Readonly<Record<string, ResourceReader>> = {
  aws_route_table: (reader, resource) => readTable(reader, resource, false),
  aws_default_route_table: (reader, resource) => readTable(reader, resource, true),
  aws_route: readRoute,
  aws_route_table_association: readAssociation,
  aws_main_route_table_association: readMainAssociation,
};

function readTable(reader: PlanReader, resource: PlanResource, isMain: boolean): Refusal {
  const vpc = reader.one(resource, 'vpc_id', VPC_TYPES) ?? onlyVpc(reader);
  if (vpc === null) return 'its VPC is not known';
  reader.inventory.routeTables.push({ ...reader.head(resource, 'rtb'), vpc, isMain, subnets: [] });
  for (const block of resource.values.items('route')) {
    const to = block.text('cidr_block') ?? block.text('ipv6_cidr_block') ?? block.text('destination_prefix_list_id');
    const refusal = addRoute(reader, resource, resource.address, to, block, 'route');
    if (refusal !== undefined) reader.refuse(resource, refusal);
  }
}

function readRoute(reader: PlanReader, resource: PlanResource): Refusal {
  const table = reader.one(resource, 'route_table_id', TABLE_TYPES);
  const { values } = resource;
  const list = reader.one(resource, 'destination_prefix_list_id', ['aws_ec2_managed_prefix_list']);
  const to = values.text('destination_cidr_block') ?? values.text('destination_ipv6_cidr_block') ?? list;
  if (table === null) return 'its route table is not known';
  return addRoute(reader, resource, table, to, values, null);
}

/** In a block, what is missing is known only after apply; the whole block's references tell what it can be. */
function addRoute(
  reader: PlanReader,
  resource: PlanResource,
  table: string,
  to: string | null,
  values: Cursor,
  block: string | null,
): Refusal {
  const found = TARGETS.flatMap(([attribute, types]) => {
    const value = values.at(attribute);
    if (block === null) return reader.one(resource, attribute, types) ?? [];
    return value.value === undefined ? reader.unknown(resource, block, types) : (value.asText() ?? []);
  });
  const [via, second] = found;
  if (to === null) return 'a route whose destination is not known';
  if (via === undefined || second !== undefined) return `the plan does not tell where the route to ${to} leads`;
  reader.inventory.routes.push({ table, to, via, place: reader.place(resource) });
}

function readAssociation(reader: PlanReader, resource: PlanResource): Refusal {
  const table = reader.one(resource, 'route_table_id', TABLE_TYPES);
  const subnet = reader.one(resource, 'subnet_id', SUBNET_TYPES);
  const position = reader.inventory.routeTables.findIndex(({ key }) => key === table);
  const found = reader.inventory.routeTables[position];
  if (found === undefined || subnet === null) return 'its route table or subnet is not known';
  reader.inventory.routeTables[position] = { ...found, subnets: [...found.subnets, subnet] };
}

function readMainAssociation(reader: PlanReader, resource: PlanResource): Refusal {
  const table = reader.one(resource, 'route_table_id', TABLE_TYPES);
  const position = reader.inventory.routeTables.findIndex(({ key }) => key === table);
  const found = reader.inventory.routeTables[position];
  if (found === undefined) return 'its route table is not known';
  reader.inventory.routeTables[position] = { ...found, isMain: true };
}
