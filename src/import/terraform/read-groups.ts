import type { Direction } from '../../cloud/groups/types.js';
import type { Cursor } from '../../source/cursor.js';
import type { PeerItem } from '../inventory.js';
import type { PlanResource } from './plan.js';
import type { PlanReader } from './plan-reader.js';
import { VPC_TYPES } from './read-network.js';
import type { Refusal, ResourceReader } from './read-plan.js';

export const GROUP_TYPES = ['aws_security_group', 'aws_default_security_group'];
const LIST_TYPES = ['aws_ec2_managed_prefix_list', 'aws_prefix_list'];
const ENDPOINT_TYPES = ['aws_vpc_endpoint'];

export const GROUP_READERS: Readonly<Record<string, ResourceReader>> = {
  aws_security_group: (reader, resource) => readGroup(reader, resource, false),
  aws_default_security_group: (reader, resource) => readGroup(reader, resource, true),
  aws_vpc_security_group_ingress_rule: (reader, resource) => readRule(reader, resource, 'ingress'),
  aws_vpc_security_group_egress_rule: (reader, resource) => readRule(reader, resource, 'egress'),
  aws_security_group_rule: readOldRule,
};

/** Terraform takes away the rule with which AWS lets everything out. */
function readGroup(reader: PlanReader, resource: PlanResource, isDefault: boolean): undefined {
  const { values } = resource;
  const head = reader.head(resource, 'sg');
  const name = values.text('name') ?? values.text('name_prefix')?.replace(/[-_ ]+$/, '') ?? head.name;
  const vpc = reader.one(resource, 'vpc_id', VPC_TYPES);
  const description = values.text('description');
  reader.inventory.groups.push({
    ...head,
    name: isDefault ? 'default' : name,
    vpc,
    description,
    isDefault,
    unknown: [],
  });
  for (const direction of ['ingress', 'egress'] as const) {
    const blocks = values.items(direction);
    const open = blocks.filter((block) => block.at('security_groups').value === undefined);
    for (const block of blocks) readBlock(reader, resource, direction, block, open.length);
  }
}

/** An inline rule: one for each of its peers. `open`: how many blocks have groups that the plan does not know yet. */
function readBlock(
  reader: PlanReader,
  resource: PlanResource,
  direction: Direction,
  block: Cursor,
  open: number,
): void {
  const cidrs = [...block.texts('cidr_blocks'), ...block.texts('ipv6_cidr_blocks')];
  const lists = keysIn(reader, resource, block, 'prefix_list_ids', direction, LIST_TYPES);
  const groups = keysIn(reader, resource, block, 'security_groups', direction, GROUP_TYPES);
  const isUnknown = block.at('security_groups').value === undefined;
  if (isUnknown && groups.length !== 1 && open > 1) {
    reader.refuse(
      resource,
      `the plan does not tell which of ${groups.join(', ')} an ${direction} rule names: write it as a resource of its own`,
    );
  }
  const peers: PeerItem[] = [
    ...cidrs.map((cidr) => ({ type: 'cidr', cidr }) as const),
    ...lists.map((key) => ({ type: 'prefix-list', key }) as const),
    ...(isUnknown && groups.length !== 1 && open > 1 ? [] : groups).map((key) => ({ type: 'group', key }) as const),
    ...(block.flag('self') === true ? [{ type: 'group', key: resource.address } as const] : []),
  ];
  for (const peer of peers) addRule(reader, resource, resource.address, direction, block, block.text('protocol'), peer);
}

/** What is missing in a block is unknown: what it can be is what the whole attribute refers to. */
function keysIn(
  reader: PlanReader,
  resource: PlanResource,
  block: Cursor,
  key: string,
  attribute: Direction,
  types: readonly string[],
): string[] {
  if (block.at(key).value === undefined) return reader.unknown(resource, attribute, types);
  return reader.many(resource, key, types, block);
}

function readRule(reader: PlanReader, resource: PlanResource, direction: Direction): Refusal {
  const { values } = resource;
  const group = reader.one(resource, 'security_group_id', GROUP_TYPES);
  if (group === null) return 'its security group is not known';
  const cidr = values.text('cidr_ipv4') ?? values.text('cidr_ipv6');
  const list = reader.one(resource, 'prefix_list_id', [...LIST_TYPES, ...ENDPOINT_TYPES]);
  const other = reader.one(resource, 'referenced_security_group_id', GROUP_TYPES);
  const peer = peerOf(cidr, list, other);
  if (peer === null) return 'what it names is known only after the plan was applied';
  addRule(reader, resource, group, direction, values, values.text('ip_protocol'), peer);
}

function readOldRule(reader: PlanReader, resource: PlanResource): Refusal {
  const { values } = resource;
  const group = reader.one(resource, 'security_group_id', GROUP_TYPES);
  if (group === null) return 'its security group is not known';
  const direction = values.text('type') === 'egress' ? 'egress' : 'ingress';
  const cidrs = [...values.texts('cidr_blocks'), ...values.texts('ipv6_cidr_blocks')];
  const lists = reader.many(resource, 'prefix_list_ids', LIST_TYPES);
  const other = values.flag('self') === true ? group : reader.one(resource, 'source_security_group_id', GROUP_TYPES);
  const peers = [
    ...cidrs.map((cidr) => peerOf(cidr, null, null)),
    ...lists.map((key) => peerOf(null, key, null)),
    peerOf(null, null, other),
  ].filter((peer) => peer !== null);
  if (peers.length === 0) return 'what it names is known only after the plan was applied';
  for (const peer of peers) addRule(reader, resource, group, direction, values, values.text('protocol'), peer);
}

function peerOf(cidr: string | null, list: string | null, group: string | null): PeerItem | null {
  if (cidr !== null) return { type: 'cidr', cidr };
  if (list !== null) return { type: 'prefix-list', key: list };
  return group === null ? null : { type: 'group', key: group };
}

function addRule(
  reader: PlanReader,
  resource: PlanResource,
  group: string,
  direction: Direction,
  values: Cursor,
  written: string | null,
  peer: PeerItem,
): void {
  const protocol = written === null || written === 'all' ? '-1' : written;
  const isAll = protocol === '-1';
  const [fromPort, toPort] = [values.number('from_port'), values.number('to_port')];
  const id = values.text('security_group_rule_id') ?? (values === resource.values ? values.text('id') : null);
  reader.inventory.rules.push({
    group,
    id: id !== null && /^sgr-[0-9a-f]{17}$/.test(id) ? id : null,
    direction,
    protocol,
    fromPort: isAll ? null : fromPort,
    toPort: isAll ? null : toPort,
    peer,
    description: values.text('description'),
    place: reader.place(resource),
  });
}
