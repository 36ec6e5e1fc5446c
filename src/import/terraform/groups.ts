import type { Direction } from '../../cloud/groups/types.js';
import type { Cursor } from '../../source/cursor.js';
import type { PeerItem } from '../inventory.js';
import { isOpen } from './references.js';
import { GROUP_TYPES, type ReadResource, type Refusal, type ResourceReader } from './resource-reader.js';

const LIST_TYPES = ['aws_ec2_managed_prefix_list', 'aws_prefix_list'];
const ENDPOINT_TYPES = ['aws_vpc_endpoint'];

export const GROUP_READERS: Readonly<Record<string, ReadResource>> = {
  aws_security_group: (reader) => readGroup(reader, false),
  aws_default_security_group: (reader) => readGroup(reader, true),
  aws_vpc_security_group_ingress_rule: (reader) => readRule(reader, 'ingress'),
  aws_vpc_security_group_egress_rule: (reader) => readRule(reader, 'egress'),
  aws_security_group_rule: readOldRule,
};

/** Terraform takes away the rule with which AWS lets everything out. */
function readGroup(reader: ResourceReader, isDefault: boolean): undefined {
  const { values } = reader;
  const head = reader.head('sg');
  const name = values.text('name') ?? values.text('name_prefix')?.replace(/[-_ ]+$/, '') ?? head.name;
  reader.inventory.groups.push({
    ...head,
    name: isDefault ? 'default' : name,
    vpc: values.at('vpc_id').isMissing && reader.resource.expressions.at('vpc_id').isMissing ? null : reader.vpc(),
    description: values.text('description'),
    isDefault,
    unknown: [],
  });
  for (const direction of ['ingress', 'egress'] as const) {
    reader.refuseIfOpen(direction, values.at(direction));
    const blocks = values.items(direction);
    const open = blocks.filter((block) => isOpen(block.at('security_groups')));
    for (const block of blocks) readBlock(reader, direction, block, open.length);
  }
}

/** An inline rule: one for each of its peers. `open`: how many blocks have groups that the plan does not know yet. */
function readBlock(reader: ResourceReader, direction: Direction, block: Cursor, open: number): void {
  // What is missing in a block is unknown: what it can be is what the whole attribute refers to.
  const keysIn = (key: string, types: readonly string[]) =>
    isOpen(block.at(key)) ? reader.unknown(direction, types) : reader.many(key, types, block);
  for (const key of ['cidr_blocks', 'ipv6_cidr_blocks']) reader.refuseIfOpen(direction, block.at(key));
  const cidrs = [...block.texts('cidr_blocks'), ...block.texts('ipv6_cidr_blocks')];
  const lists = keysIn('prefix_list_ids', LIST_TYPES);
  const groups = keysIn('security_groups', GROUP_TYPES);
  const isAmbiguous = isOpen(block.at('security_groups')) && groups.length !== 1 && open > 1;
  if (isAmbiguous) {
    reader.refuse(
      `the plan merges the references of its ${direction} blocks, and does not tell which of ${groups.join(', ')} each of them names: a rule that is a resource of its own does`,
    );
  }
  const peers: PeerItem[] = [
    ...cidrs.map((cidr) => ({ type: 'cidr', cidr }) as const),
    ...lists.map((key) => ({ type: 'prefix-list', key }) as const),
    ...(isAmbiguous ? [] : groups).map((key) => ({ type: 'group', key }) as const),
    ...(block.flag('self') === true ? [{ type: 'group', key: reader.address } as const] : []),
  ];
  const rule = { group: reader.address, direction, protocol: block.text('protocol') };
  for (const peer of peers) addRule(reader, block, rule, peer);
}

function readRule(reader: ResourceReader, direction: Direction): Refusal {
  const { values } = reader;
  const group = reader.one('security_group_id', GROUP_TYPES);
  if (group === null) return 'its security group is not known';
  const cidr = values.text('cidr_ipv4') ?? values.text('cidr_ipv6');
  const list = reader.one('prefix_list_id', [...LIST_TYPES, ...ENDPOINT_TYPES]);
  const other = reader.one('referenced_security_group_id', GROUP_TYPES);
  const peer = peerOf(cidr, list, other);
  if (peer === null) return 'what it names is known only after the plan was applied';
  addRule(reader, values, { group, direction, protocol: values.text('ip_protocol') }, peer);
}

function readOldRule(reader: ResourceReader): Refusal {
  const { values } = reader;
  const group = reader.one('security_group_id', GROUP_TYPES);
  if (group === null) return 'its security group is not known';
  const direction = values.text('type') === 'egress' ? 'egress' : 'ingress';
  for (const key of ['cidr_blocks', 'ipv6_cidr_blocks']) reader.refuseIfOpen(key, values.at(key));
  const cidrs = [...values.texts('cidr_blocks'), ...values.texts('ipv6_cidr_blocks')];
  const lists = reader.many('prefix_list_ids', LIST_TYPES);
  const other = values.flag('self') === true ? group : reader.one('source_security_group_id', GROUP_TYPES);
  const peers = [
    ...cidrs.map((cidr) => peerOf(cidr, null, null)),
    ...lists.map((key) => peerOf(null, key, null)),
    peerOf(null, null, other),
  ].filter((peer) => peer !== null);
  if (peers.length === 0) return 'what it names is known only after the plan was applied';
  const rule = { group, direction, protocol: values.text('protocol') } as const;
  for (const peer of peers) addRule(reader, values, rule, peer);
}

function peerOf(cidr: string | null, list: string | null, group: string | null): PeerItem | null {
  if (cidr !== null) return { type: 'cidr', cidr };
  if (list !== null) return { type: 'prefix-list', key: list };
  return group === null ? null : { type: 'group', key: group };
}

interface WrittenRule {
  readonly group: string;
  readonly direction: Direction;
  readonly protocol: string | null;
}

/** @param values of the resource, or of a block in a group */
function addRule(reader: ResourceReader, values: Cursor, rule: WrittenRule, peer: PeerItem): void {
  const { group, direction } = rule;
  const protocol = rule.protocol === null || rule.protocol === 'all' ? '-1' : rule.protocol;
  const isAll = protocol === '-1';
  const [fromPort, toPort] = [values.number('from_port'), values.number('to_port')];
  const id = values.text('security_group_rule_id') ?? (values === reader.values ? values.text('id') : null);
  reader.inventory.rules.push({
    group,
    id: id !== null && /^sgr-[0-9a-f]{17}$/.test(id) ? id : null,
    direction,
    protocol,
    fromPort: isAll ? null : fromPort,
    toPort: isAll ? null : toPort,
    peer,
    description: values.text('description'),
    place: reader.place,
  });
}
