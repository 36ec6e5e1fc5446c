import type { Direction } from '../../cloud/groups/types.js';
import type { Cursor } from '../../source/cursor.js';
import type { NetworkAclEntryItem } from '../inventory.js';
import type { PlanResource } from './plan.js';
import type { PlanReader } from './plan-reader.js';
import { onlyVpc, SUBNET_TYPES, VPC_TYPES } from './read-network.js';
import type { Refusal } from './read-plan.js';

const ACL_TYPES = ['aws_network_acl', 'aws_default_network_acl'];

export function readNetworkAcl(reader: PlanReader, resource: PlanResource, isDefault: boolean): Refusal {
  const { values } = resource;
  const vpc = reader.one(resource, 'vpc_id', VPC_TYPES) ?? onlyVpc(reader);
  if (vpc === null) return 'its VPC is not known';
  const list = (direction: Direction) =>
    values.items(direction).map((block) => entryOf(block, direction, 'rule_no', 'action'));
  reader.inventory.networkAcls.push({
    ...reader.head(resource, 'acl'),
    vpc,
    isDefault,
    subnets: reader.many(resource, 'subnet_ids', SUBNET_TYPES),
    entries: [...list('ingress'), ...list('egress')],
  });
  return undefined;
}

export function readNetworkAclRule(reader: PlanReader, resource: PlanResource): Refusal {
  const { values } = resource;
  const key = reader.one(resource, 'network_acl_id', ACL_TYPES);
  const position = reader.inventory.networkAcls.findIndex((acl) => acl.key === key);
  const acl = reader.inventory.networkAcls[position];
  if (acl === undefined) return 'its network ACL is not known';
  const entry = entryOf(values, values.flag('egress') === true ? 'egress' : 'ingress', 'rule_number', 'rule_action');
  reader.inventory.networkAcls[position] = { ...acl, entries: [...acl.entries, entry] };
  return undefined;
}

export function readNetworkAclAssociation(reader: PlanReader, resource: PlanResource): Refusal {
  const key = reader.one(resource, 'network_acl_id', ACL_TYPES);
  const subnet = reader.one(resource, 'subnet_id', SUBNET_TYPES);
  const position = reader.inventory.networkAcls.findIndex((acl) => acl.key === key);
  const acl = reader.inventory.networkAcls[position];
  if (acl === undefined || subnet === null) return 'its network ACL or subnet is not known';
  reader.inventory.networkAcls[position] = { ...acl, subnets: [...acl.subnets, subnet] };
  return undefined;
}

export function readNatGateway(reader: PlanReader, resource: PlanResource): Refusal {
  const { values } = resource;
  const subnet = reader.one(resource, 'subnet_id', SUBNET_TYPES);
  if (subnet === null) return 'its subnet is not known';
  if (values.text('connectivity_type') === 'private') return 'sglab builds no private NAT gateways';
  const head = { ...reader.head(resource, 'nat'), name: `nat-${resource.name}` };
  reader.inventory.natGateways.push({
    ...head,
    subnet,
    publicIp: values.text('public_ip'),
    privateIp: values.text('private_ip'),
  });
  return undefined;
}

function entryOf(block: Cursor, direction: Direction, number: string, action: string): NetworkAclEntryItem {
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
