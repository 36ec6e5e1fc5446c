import type { RuleDefinition } from '../changes/schema-parts.js';
import { DEFAULT_QUOTAS, MAX_RULES_PER_INTERFACE } from '../cloud/create-cloud.js';
import type { Direction } from '../cloud/groups/types.js';
import type { ScenarioDefinition } from '../scenario/schema.js';
import type { SecurityGroupDefinition } from '../scenario/schema-topology.js';
import { type Draft, idPart } from './draft.js';
import { groupBy } from './group-by.js';
import type { GroupItem, RuleItem } from './inventory.js';
import { Names } from './names.js';
import { trafficDefinition } from './traffic.js';

/** The groups with their rules. */
export function defineGroups(draft: Draft): Record<string, SecurityGroupDefinition> {
  const keys = nameGroups(draft);
  const rules = groupBy(draft.inventory.rules, ({ group }) => group);
  return Object.fromEntries(
    draft.inventory.groups.map((group) => {
      const key = keys.get(group.key) ?? group.key;
      draft.origin(['securityGroups', key], group.place, group.key);
      return [key, defineGroup(draft, group, key, rules.get(group.key) ?? [])];
    }),
  );
}

/** Quotas that the source's groups need, if they are more than AWS's defaults. */
export function defineQuotas(draft: Draft): ScenarioDefinition['quotas'] | undefined {
  const { rules, interfaces, prefixLists } = draft.inventory;
  const cost = ({ peer }: RuleItem) => {
    const list = peer.type === 'prefix-list' ? prefixLists.find(({ key }) => key === peer.key) : undefined;
    return list === undefined ? 1 : (list.maxEntries ?? Math.max(10, list.entries.length));
  };
  const costs = new Map<string, number>();
  for (const rule of rules) {
    const key = `${rule.group} ${rule.direction}`;
    costs.set(key, (costs.get(key) ?? 0) + cost(rule));
  }
  const rulesPerGroup = highest([DEFAULT_QUOTAS.rulesPerGroup, ...costs.values()]);
  const used = highest([1, ...interfaces.map(({ groups }) => groups?.length ?? 1)]);
  const isUsual = rulesPerGroup === DEFAULT_QUOTAS.rulesPerGroup && used <= DEFAULT_QUOTAS.groupsPerInterface;
  if (isUsual) return undefined;
  const possible = Math.floor(MAX_RULES_PER_INTERFACE / rulesPerGroup);
  const groupsPerInterface = Math.max(used, Math.min(DEFAULT_QUOTAS.groupsPerInterface, possible));
  draft.assume(`the quotas were raised: ${rulesPerGroup} rules per group, ${groupsPerInterface} groups per interface`);
  return { rulesPerGroup, groupsPerInterface };
}

function highest(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}

/** Two VPCs may have groups of one name: then the key says whose. Sets the words by which rules name them. */
function nameGroups(draft: Draft): Map<string, string> {
  const names = new Names();
  const inVpc = new Map<string, Names>();
  const keys = new Map<string, string>();
  for (const group of draft.inventory.groups) {
    const vpc = draft.vpcOf(group);
    const own = inVpc.get(vpc) ?? new Names();
    inVpc.set(vpc, own);
    const name = group.isDefault ? 'default' : own.takeText(group.name ?? group.key);
    draft.words.set(group.key, name);
    const isTaken = draft.inventory.groups.some((other) => other !== group && (other.name ?? other.key) === name);
    keys.set(
      group.key,
      names.takeText(isTaken && draft.inventory.vpcs.length > 1 ? `${draft.word(vpc)}-${name}` : name),
    );
  }
  return keys;
}

function defineGroup(draft: Draft, group: GroupItem, key: string, rules: readonly RuleItem[]): SecurityGroupDefinition {
  const name = draft.word(group.key);
  const { description } = group;
  const isPlain = description === null || description === name || group.isDefault;
  const direction = (which: Direction) => {
    if (group.unknown.includes(which)) return {};
    const own = rules.filter((rule) => rule.direction === which);
    return { [which]: defineRules(draft, group, ['securityGroups', key, which], own) };
  };
  return {
    ...idPart(group),
    ...(name === key ? {} : { name }),
    ...draft.vpcPart(group),
    ...(isPlain ? {} : { description }),
    ...direction('ingress'),
    ...direction('egress'),
  };
}

function defineRules(
  draft: Draft,
  group: GroupItem,
  path: readonly string[],
  rules: readonly RuleItem[],
): RuleDefinition[] {
  return rules.map((rule, position) => {
    draft.origin([...path, position], rule.place);
    return {
      ...(rule.id === null ? {} : { id: rule.id }),
      ...trafficDefinition(rule),
      [rule.direction === 'ingress' ? 'from' : 'to']: peerReference(draft, group, rule),
      ...(rule.description === null ? {} : { description: rule.description }),
    };
  });
}

/** A group of another VPC goes by `vpc/name`. */
function peerReference(draft: Draft, group: GroupItem, { peer }: RuleItem): string {
  if (peer.type === 'cidr') return peer.cidr;
  const word = draft.word(peer.key);
  if (peer.type === 'prefix-list') return word;
  const other = draft.inventory.groups.find(({ key }) => key === peer.key);
  if (other === undefined || draft.vpcOf(other) === draft.vpcOf(group)) return word;
  return `${draft.word(draft.vpcOf(other))}/${word}`;
}
