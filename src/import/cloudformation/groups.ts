import type { Direction } from '../../cloud/groups/types.js';
import { isCidr } from '../../cloud/network/cidr.js';
import type { Cursor } from '../../source/cursor.js';
import type { SourceLocation } from '../../source/tree.js';
import type { Inventory, PeerItem } from '../inventory.js';
import { headOf, type TemplateReader, type TemplateResource } from './resource.js';

export const TEMPLATE_GROUP_READERS: Readonly<Record<string, TemplateReader>> = {
  'AWS::EC2::SecurityGroup': readGroup,
  'AWS::EC2::SecurityGroupIngress': (inventory, resource) => readRuleResource(inventory, resource, 'ingress'),
  'AWS::EC2::SecurityGroupEgress': (inventory, resource) => readRuleResource(inventory, resource, 'egress'),
};

function readGroup(inventory: Inventory, resource: TemplateResource): void {
  const { properties, place, key } = resource;
  const head = headOf(resource);
  const egress = properties.items('SecurityGroupEgress');
  inventory.groups.push({
    ...head,
    name: properties.text('GroupName') ?? head.name,
    vpc: properties.text('VpcId'),
    description: properties.text('GroupDescription'),
    isDefault: false,
    unknown: egress.length === 0 ? ['egress'] : [],
  });
  for (const rule of properties.items('SecurityGroupIngress')) {
    readRule(inventory, rule, { group: key, direction: 'ingress', place });
  }
  for (const rule of egress) readRule(inventory, rule, { group: key, direction: 'egress', place });
}

function readRuleResource(inventory: Inventory, { properties, place }: TemplateResource, direction: Direction): void {
  const group = groupKey(inventory, properties, 'GroupId', 'GroupName');
  if (group === null) throw properties.problem('a rule needs `GroupId`');
  readRule(inventory, properties, { group, direction, place });
}

const STACK_TELLS = 'Import what `aws ec2 describe-…` says of the stack, or write the block into the template.';

interface RuleHead {
  readonly group: string;
  readonly direction: Direction;
  readonly place: SourceLocation;
}

function readRule(inventory: Inventory, rule: Cursor, { group, direction, place }: RuleHead): void {
  const peer = peerOf(inventory, rule, direction);
  if (peer === null) throw rule.problem('a rule needs a block, a security group or a prefix list');
  if (peer.type === 'cidr' && !isCidr(peer.cidr)) {
    const reason = `only a running stack tells the block ${peer.cidr} of a rule`;
    inventory.unsupported.push({ place, reason, of: [group], lost: STACK_TELLS });
    return;
  }
  const protocol = rule.needText('IpProtocol');
  const isAll = protocol === '-1' || protocol === 'all';
  const [fromPort, toPort] = [rule.number('FromPort'), rule.number('ToPort')];
  inventory.rules.push({
    group,
    id: null,
    direction,
    protocol: isAll ? '-1' : protocol,
    fromPort: isAll ? null : fromPort,
    toPort: isAll ? null : toPort,
    peer,
    description: rule.text('Description'),
    place,
  });
}

function peerOf(inventory: Inventory, rule: Cursor, direction: Direction): PeerItem | null {
  const side = direction === 'ingress' ? 'Source' : 'Destination';
  const cidr = rule.text('CidrIp') ?? rule.text('CidrIpv6');
  if (cidr !== null) return { type: 'cidr', cidr };
  const list = rule.text(`${side}PrefixListId`);
  if (list !== null) return { type: 'prefix-list', key: list };
  const key = groupKey(inventory, rule, `${side}SecurityGroupId`, `${side}SecurityGroupName`);
  return key === null ? null : { type: 'group', key };
}

/** The key of the group that a rule names by reference, or by a name that the template gives. */
function groupKey(inventory: Inventory, rule: Cursor, id: string, name: string): string | null {
  const byName = rule.text(name);
  return rule.text(id) ?? inventory.groups.find((group) => group.name === byName)?.key ?? byName;
}

const DEFAULT_GROUP = '.DefaultSecurityGroup';

/** The default groups of VPCs that the template names by `Fn::GetAtt`, with the rules that AWS gives them. */
export function addDefaultGroups(inventory: Inventory): void {
  const { rules, interfaces, vpcs } = inventory;
  const used = [
    ...rules.flatMap(({ group, peer }) => [group, peer.type === 'group' ? peer.key : '']),
    ...interfaces.flatMap(({ groups }) => groups ?? []),
  ];
  for (const vpc of vpcs) {
    const key = `${vpc.key}${DEFAULT_GROUP}`;
    if (!used.includes(key)) continue;
    const { place } = vpc;
    const head = { key, id: null, name: 'default', vpc: vpc.key, description: null };
    inventory.groups.push({ ...head, isDefault: true, unknown: ['egress'], place });
    inventory.rules.push({ ...ALL_TRAFFIC, group: key, direction: 'ingress', peer: { type: 'group', key }, place });
  }
}

const ALL_TRAFFIC = { id: null, protocol: '-1', fromPort: null, toPort: null, description: null } as const;

/**
 * A group whose template has no egress rule inside keeps AWS's own, which lets everything out, beside the rules that are
 * resources of their own.
 */
export function addDefaultEgress(inventory: Inventory): void {
  for (const [position, group] of inventory.groups.entries()) {
    const hasOwn = inventory.rules.some((rule) => rule.group === group.key && rule.direction === 'egress');
    if (!group.unknown.includes('egress') || !hasOwn) continue;
    inventory.groups[position] = { ...group, unknown: [] };
    const hasIpv6 = inventory.vpcs.some(({ key, ipv6Cidr }) => key === group.vpc && ipv6Cidr !== null);
    for (const cidr of hasIpv6 ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0']) {
      const peer = { type: 'cidr', cidr } as const;
      inventory.rules.push({ ...ALL_TRAFFIC, group: group.key, direction: 'egress', peer, place: group.place });
    }
  }
}
