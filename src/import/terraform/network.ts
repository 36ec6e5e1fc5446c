import type { Direction } from '../../cloud/groups/types.js';
import type { Cursor } from '../../source/cursor.js';
import type { NetworkAclEntryItem } from '../inventory.js';
import { type ReadResource, type Refusal, type ResourceReader, SUBNET_TYPES, VPC_TYPES } from './resource-reader.js';

const ACL_TYPES = ['aws_network_acl', 'aws_default_network_acl'];

export const NETWORK_READERS: Readonly<Record<string, ReadResource>> = {
  aws_vpc: readVpc,
  aws_default_vpc: readVpc,
  aws_vpc_ipv4_cidr_block_association: readMoreBlocks,
  aws_internet_gateway: (reader) => readGateway(reader, 'internet'),
  aws_egress_only_internet_gateway: (reader) => readGateway(reader, 'egress-only'),
  aws_internet_gateway_attachment: readAttachment,
  aws_subnet: readSubnet,
  aws_default_subnet: readSubnet,
  aws_nat_gateway: readNatGateway,
  aws_network_acl: (reader) => readNetworkAcl(reader, false),
  aws_default_network_acl: (reader) => readNetworkAcl(reader, true),
  aws_network_acl_rule: readNetworkAclRule,
  aws_network_acl_association: readNetworkAclAssociation,
  aws_vpc_peering_connection: readPeering,
  aws_vpc_peering_connection_accepter: readAccepter,
  aws_ec2_managed_prefix_list: readPrefixList,
  aws_ec2_managed_prefix_list_entry: readEntry,
};

function readVpc(reader: ResourceReader): Refusal {
  const cidr = reader.values.text('cidr_block');
  if (cidr === null) return 'its block is not known before it is made';
  const ipv6Cidr = reader.values.text('ipv6_cidr_block');
  reader.inventory.vpcs.push({ ...reader.head('vpc'), cidrs: [cidr], ipv6Cidr });
}

function readMoreBlocks(reader: ResourceReader): Refusal {
  const key = reader.one('vpc_id', VPC_TYPES);
  const cidr = reader.values.text('cidr_block');
  const { vpcs } = reader.inventory;
  const position = vpcs.findIndex((vpc) => vpc.key === key);
  const vpc = vpcs[position];
  if (vpc === undefined || cidr === null) return 'its VPC or block is not known';
  vpcs[position] = { ...vpc, cidrs: [...vpc.cidrs, cidr] };
}

function readGateway(reader: ResourceReader, type: 'internet' | 'egress-only'): undefined {
  const vpc = reader.one('vpc_id', VPC_TYPES);
  // One without a VPC is attached by a resource of its own.
  if (vpc !== null) reader.inventory.gateways.push({ key: reader.address, type, vpc });
}

function readAttachment(reader: ResourceReader): Refusal {
  const vpc = reader.one('vpc_id', VPC_TYPES);
  const key = reader.one('internet_gateway_id', ['aws_internet_gateway']);
  if (vpc === null || key === null) return 'its VPC or gateway is not known';
  reader.inventory.gateways.push({ key, type: 'internet', vpc });
}

function readSubnet(reader: ResourceReader): Refusal {
  const { values } = reader;
  const vpc = reader.vpc();
  const cidr = values.text('cidr_block');
  if (vpc === null || cidr === null) return 'its VPC or block is not known';
  const ipv6Cidr = values.text('ipv6_cidr_block');
  const mapPublicIp = values.flag('map_public_ip_on_launch') ?? false;
  reader.inventory.subnets.push({ ...reader.head('subnet'), vpc, cidr, ipv6Cidr, mapPublicIp });
}

function readNatGateway(reader: ResourceReader): Refusal {
  const { values, resource } = reader;
  const subnet = reader.one('subnet_id', SUBNET_TYPES);
  if (subnet === null) return 'its subnet is not known';
  if (values.text('connectivity_type') === 'private') return reader.leaveOut('sglab builds no private NAT gateways');
  reader.inventory.natGateways.push({
    ...reader.head('nat'),
    name: `nat-${resource.name}`,
    subnet,
    publicIp: values.text('public_ip'),
    privateIp: values.text('private_ip'),
  });
}

function readNetworkAcl(reader: ResourceReader, isDefault: boolean): Refusal {
  const vpc = reader.vpc();
  if (vpc === null) return 'its VPC is not known';
  const list = (direction: Direction) =>
    reader.values.items(direction).map((block) => aclEntry(block, direction, 'rule_no', 'action'));
  reader.inventory.networkAcls.push({
    ...reader.head('acl'),
    vpc,
    isDefault,
    subnets: reader.many('subnet_ids', SUBNET_TYPES),
    entries: [...list('ingress'), ...list('egress')],
  });
}

function readNetworkAclRule(reader: ResourceReader): Refusal {
  const { values } = reader;
  const { networkAcls } = reader.inventory;
  const key = reader.one('network_acl_id', ACL_TYPES);
  const position = networkAcls.findIndex((acl) => acl.key === key);
  const acl = networkAcls[position];
  if (acl === undefined) return 'its network ACL is not known';
  const entry = aclEntry(values, values.flag('egress') === true ? 'egress' : 'ingress', 'rule_number', 'rule_action');
  networkAcls[position] = { ...acl, entries: [...acl.entries, entry] };
}

function readNetworkAclAssociation(reader: ResourceReader): Refusal {
  const { networkAcls } = reader.inventory;
  const key = reader.one('network_acl_id', ACL_TYPES);
  const subnet = reader.one('subnet_id', SUBNET_TYPES);
  const position = networkAcls.findIndex((acl) => acl.key === key);
  const acl = networkAcls[position];
  if (acl === undefined || subnet === null) return 'its network ACL or subnet is not known';
  networkAcls[position] = { ...acl, subnets: [...acl.subnets, subnet] };
}

function aclEntry(block: Cursor, direction: Direction, number: string, action: string): NetworkAclEntryItem {
  const protocol = block.text('protocol') ?? '-1';
  const isIcmp = ['icmp', '1', 'icmpv6', '58'].includes(protocol);
  return {
    number: block.number(number) ?? 0,
    direction,
    action: block.text(action) === 'deny' ? 'deny' : 'allow',
    protocol,
    fromPort: isIcmp ? (block.number('icmp_type') ?? -1) : block.number('from_port'),
    toPort: isIcmp ? (block.number('icmp_code') ?? -1) : block.number('to_port'),
    cidr: block.text('cidr_block') ?? block.needText('ipv6_cidr_block'),
  };
}

function readPeering(reader: ResourceReader): Refusal {
  const requester = reader.one('vpc_id', VPC_TYPES);
  const accepter = reader.one('peer_vpc_id', VPC_TYPES);
  if (requester === null || accepter === null) return 'one of its VPCs is not known';
  const dnsResolution = ['requester', 'accepter'].every((side) => allowsDns(reader.values, side));
  reader.inventory.peerings.push({ ...reader.head('pcx'), requester, accepter, status: 'active', dnsResolution });
}

/** Peerings count as accepted. */
function readAccepter(reader: ResourceReader): Refusal {
  const key = reader.one('vpc_peering_connection_id', ['aws_vpc_peering_connection']);
  const isKnown = reader.inventory.peerings.some((peering) => peering.key === key);
  // A state repeats what the peering itself says.
  for (const attribute of ['vpc_id', 'peer_vpc_id', 'peer_region']) reader.values.at(attribute);
  return isKnown ? undefined : 'its peering is not known';
}

function allowsDns(values: Cursor, side: string): boolean {
  return values.items(side).some((block) => block.flag('allow_remote_vpc_dns_resolution') === true);
}

function readPrefixList(reader: ResourceReader): undefined {
  const { values } = reader;
  const entries = values
    .items('entry')
    .map((entry) => ({ cidr: entry.needText('cidr'), description: entry.text('description') }));
  reader.inventory.prefixLists.push({
    ...reader.head('pl'),
    name: values.text('name'),
    family: values.text('address_family') === 'IPv6' ? 'ipv6' : 'ipv4',
    maxEntries: values.number('max_entries'),
    entries,
  });
}

function readEntry(reader: ResourceReader): Refusal {
  const { prefixLists } = reader.inventory;
  const key = reader.one('prefix_list_id', ['aws_ec2_managed_prefix_list']);
  const cidr = reader.values.text('cidr');
  const position = prefixLists.findIndex((list) => list.key === key);
  const list = prefixLists[position];
  if (list === undefined || cidr === null) return 'its prefix list or block is not known';
  const entries = [...list.entries, { cidr, description: reader.values.text('description') }];
  prefixLists[position] = { ...list, entries };
}
