import type { PlanResource } from './plan.js';
import type { PlanReader } from './plan-reader.js';
import { readNatGateway, readNetworkAcl, readNetworkAclAssociation, readNetworkAclRule } from './read-filters.js';
import type { Refusal, ResourceReader } from './read-plan.js';

export const VPC_TYPES = ['aws_vpc', 'aws_default_vpc'];
export const SUBNET_TYPES = ['aws_subnet', 'aws_default_subnet'];

export const NETWORK_READERS: Readonly<Record<string, ResourceReader>> = {
  aws_vpc: readVpc,
  aws_default_vpc: readVpc,
  aws_vpc_ipv4_cidr_block_association: readMoreBlocks,
  aws_internet_gateway: (reader, resource) => readGateway(reader, resource, 'internet'),
  aws_egress_only_internet_gateway: (reader, resource) => readGateway(reader, resource, 'egress-only'),
  aws_internet_gateway_attachment: readAttachment,
  aws_subnet: readSubnet,
  aws_default_subnet: readSubnet,
  aws_nat_gateway: readNatGateway,
  aws_network_acl: (reader, resource) => readNetworkAcl(reader, resource, false),
  aws_default_network_acl: (reader, resource) => readNetworkAcl(reader, resource, true),
  aws_network_acl_rule: readNetworkAclRule,
  aws_network_acl_association: readNetworkAclAssociation,
  aws_vpc_peering_connection: readPeering,
  aws_vpc_peering_connection_accepter: readAccepter,
  aws_ec2_managed_prefix_list: readPrefixList,
  aws_ec2_managed_prefix_list_entry: readEntry,
};

function readVpc(reader: PlanReader, resource: PlanResource): Refusal {
  const cidr = resource.values.text('cidr_block');
  if (cidr === null) return 'its block is not known before it is made';
  const ipv6Cidr = resource.values.text('ipv6_cidr_block');
  reader.inventory.vpcs.push({ ...reader.head(resource, 'vpc'), cidrs: [cidr], ipv6Cidr });
}

function readMoreBlocks(reader: PlanReader, resource: PlanResource): Refusal {
  const key = reader.one(resource, 'vpc_id', VPC_TYPES);
  const cidr = resource.values.text('cidr_block');
  const position = reader.inventory.vpcs.findIndex((vpc) => vpc.key === key);
  const vpc = reader.inventory.vpcs[position];
  if (vpc === undefined || cidr === null) return 'its VPC or block is not known';
  reader.inventory.vpcs[position] = { ...vpc, cidrs: [...vpc.cidrs, cidr] };
}

function readGateway(reader: PlanReader, resource: PlanResource, type: 'internet' | 'egress-only'): undefined {
  const vpc = reader.one(resource, 'vpc_id', VPC_TYPES);
  // One without a VPC is attached by a resource of its own.
  if (vpc !== null) reader.inventory.gateways.push({ key: resource.address, type, vpc });
}

function readAttachment(reader: PlanReader, resource: PlanResource): Refusal {
  const vpc = reader.one(resource, 'vpc_id', VPC_TYPES);
  const key = reader.one(resource, 'internet_gateway_id', ['aws_internet_gateway']);
  if (vpc === null || key === null) return 'its VPC or gateway is not known';
  reader.inventory.gateways.push({ key, type: 'internet', vpc });
}

function readSubnet(reader: PlanReader, resource: PlanResource): Refusal {
  const { values } = resource;
  const vpc = reader.one(resource, 'vpc_id', VPC_TYPES) ?? onlyVpc(reader);
  const cidr = values.text('cidr_block');
  if (vpc === null || cidr === null) return 'its VPC or block is not known';
  const ipv6Cidr = values.text('ipv6_cidr_block');
  const mapPublicIp = values.flag('map_public_ip_on_launch') ?? false;
  reader.inventory.subnets.push({ ...reader.head(resource, 'subnet'), vpc, cidr, ipv6Cidr, mapPublicIp });
}

/** What is computed by a `local` cannot be followed: where there is one VPC, it is that. */
export function onlyVpc({ inventory }: PlanReader): string | null {
  const [only, second] = inventory.vpcs;
  return only === undefined || second !== undefined ? null : only.key;
}

function readPeering(reader: PlanReader, resource: PlanResource): Refusal {
  const requester = reader.one(resource, 'vpc_id', VPC_TYPES);
  const accepter = reader.one(resource, 'peer_vpc_id', VPC_TYPES);
  if (requester === null || accepter === null) return 'one of its VPCs is not known';
  const dnsResolution = ['requester', 'accepter'].every((side) => allowsDns(resource, side));
  reader.inventory.peerings.push({
    ...reader.head(resource, 'pcx'),
    requester,
    accepter,
    status: 'active',
    dnsResolution,
  });
}

/** Peerings count as accepted. */
function readAccepter(reader: PlanReader, resource: PlanResource): Refusal {
  const key = reader.one(resource, 'vpc_peering_connection_id', ['aws_vpc_peering_connection']);
  const isKnown = reader.inventory.peerings.some((peering) => peering.key === key);
  // A state repeats what the peering itself says.
  for (const attribute of ['vpc_id', 'peer_vpc_id', 'peer_region']) resource.values.at(attribute);
  return isKnown ? undefined : 'its peering is not known';
}

function allowsDns({ values }: PlanResource, side: string): boolean {
  return values.items(side).some((block) => block.flag('allow_remote_vpc_dns_resolution') === true);
}

function readPrefixList(reader: PlanReader, resource: PlanResource): undefined {
  const { values } = resource;
  const entries = values
    .items('entry')
    .map((entry) => ({ cidr: entry.needText('cidr'), description: entry.text('description') }));
  reader.inventory.prefixLists.push({
    ...reader.head(resource, 'pl'),
    name: values.text('name'),
    family: values.text('address_family') === 'IPv6' ? 'ipv6' : 'ipv4',
    maxEntries: values.number('max_entries'),
    entries,
  });
}

function readEntry(reader: PlanReader, resource: PlanResource): Refusal {
  const key = reader.one(resource, 'prefix_list_id', ['aws_ec2_managed_prefix_list']);
  const cidr = resource.values.text('cidr');
  const position = reader.inventory.prefixLists.findIndex((list) => list.key === key);
  const list = reader.inventory.prefixLists[position];
  if (list === undefined || cidr === null) return 'its prefix list or block is not known';
  const entries = [...list.entries, { cidr, description: resource.values.text('description') }];
  reader.inventory.prefixLists[position] = { ...list, entries };
}
