import type { Cursor } from '../../source/cursor.js';
import { type ReadResource, type Refusal, type ResourceReader, SUBNET_TYPES } from './resource-reader.js';

const TABLE_TYPES = ['aws_route_table', 'aws_default_route_table'];

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

export const ROUTE_READERS: Readonly<Record<string, ReadResource>> = {
  aws_route_table: (reader) => readTable(reader, false),
  aws_default_route_table: (reader) => readTable(reader, true),
  aws_route: readRoute,
  aws_route_table_association: readAssociation,
  aws_main_route_table_association: readMainAssociation,
};

function readTable(reader: ResourceReader, isMain: boolean): Refusal {
  const vpc = reader.vpc();
  if (vpc === null) return 'its VPC is not known';
  reader.inventory.routeTables.push({ ...reader.head('rtb'), vpc, isMain, subnets: [] });
  for (const block of reader.values.items('route')) {
    const to = block.text('cidr_block') ?? block.text('ipv6_cidr_block') ?? block.text('destination_prefix_list_id');
    const refusal = addRoute(reader, reader.address, to, block);
    if (refusal !== undefined) reader.refuse(refusal);
  }
}

function readRoute(reader: ResourceReader): Refusal {
  const table = reader.one('route_table_id', TABLE_TYPES);
  const { values } = reader;
  const list = reader.one('destination_prefix_list_id', ['aws_ec2_managed_prefix_list']);
  const to = values.text('destination_cidr_block') ?? values.text('destination_ipv6_cidr_block') ?? list;
  if (table === null) return 'its route table is not known';
  return addRoute(reader, table, to, null);
}

/** @param block of a table; null: the resource is the route */
function addRoute(reader: ResourceReader, table: string, to: string | null, block: Cursor | null): Refusal {
  const found = TARGETS.flatMap(([attribute, types]) => {
    if (block === null) return reader.one(attribute, types) ?? [];
    const value = block.at(attribute);
    // What is missing is known only after apply; the references of all blocks tell what it can be.
    return value.value === undefined ? reader.unknown('route', types) : (value.asText() ?? []);
  });
  const [via, second] = found;
  if (to === null) return 'a route whose destination is not known';
  if (via === undefined || second !== undefined) return `the plan does not tell where the route to ${to} leads`;
  reader.inventory.routes.push({ table, to, via, place: reader.place });
}

function readAssociation(reader: ResourceReader): Refusal {
  const { routeTables } = reader.inventory;
  const table = reader.one('route_table_id', TABLE_TYPES);
  const subnet = reader.one('subnet_id', SUBNET_TYPES);
  const position = routeTables.findIndex(({ key }) => key === table);
  const found = routeTables[position];
  if (found === undefined || subnet === null) return 'its route table or subnet is not known';
  routeTables[position] = { ...found, subnets: [...found.subnets, subnet] };
}

function readMainAssociation(reader: ResourceReader): Refusal {
  const { routeTables } = reader.inventory;
  const table = reader.one('route_table_id', TABLE_TYPES);
  const position = routeTables.findIndex(({ key }) => key === table);
  const found = routeTables[position];
  if (found === undefined) return 'its route table is not known';
  routeTables[position] = { ...found, isMain: true };
}
