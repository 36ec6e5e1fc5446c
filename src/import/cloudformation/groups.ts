import type { Direction } from '../../cloud/groups/types.js';
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

interface RuleHead {
  readonly group: string;
  readonly direction: Direction;
  readonly place: SourceLocation;
}

function readRule(inventory: Inventory, rule: Cursor, { group, direction, place }: RuleHead): void {
  const peer = peerOf(inventory, rule, direction);
  if (peer === null) throw rule.problem('a rule needs a block, a security group or a prefix list');
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
      inventory.rules.push({
        group: group.key,
        id: null,
        direction: 'egress',
        protocol: '-1',
        fromPort: null,
        toPort: null,
        peer: { type: 'cidr', cidr },
        description: null,
        place: group.place,
      });
    }
  }
}
