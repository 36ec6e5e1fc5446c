/** `revoke` removes rules from a security group. */

import { revoke as removeRules, revokeById, ruleIdsFor } from '../../cloud/groups/rules.js';
import type { SecurityGroupRule } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import { resolveGroup } from '../../cloud/text/resolve.js';
import { parseRule, type UnresolvedRule, unresolvedRuleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import { groupReference } from '../choices.js';
import { namedGroup } from '../names.js';
import { listOf } from '../read-parts.js';
import { checkedPeers, nothingToDo, readBothDirections, specsOf } from '../read-rules.js';
import type { SchemaParts } from '../schema-parts.js';
import { ruleCommandWords, rulesStep } from '../step-form.js';
import type { DefinitionOf, Verb } from '../verb.js';

interface Revoke {
  readonly type: 'revoke';
  /** A name or id. */
  readonly group: string;
  readonly rules: readonly UnresolvedRule[];
  /** Ids or descriptions of rules. */
  readonly ruleIds: readonly string[];
}

const schema = ({ z, groupSchema, rulesShape, oneOrMany }: SchemaParts) =>
  z
    .strictObject({
      group: groupSchema,
      ...rulesShape,
      rule: oneOrMany(z.string())
        .optional()
        .describe('Ids or descriptions of rules. Example: `rule: HTTPS from anywhere`'),
    })
    .describe(
      'Removes rules, all or none. Example: `revoke: { group: db, ingress: { protocol: tcp, ports: 3306, from: web } }`',
    );

export const revoke: Verb<Revoke, DefinitionOf<typeof schema>> = {
  key: 'revoke',
  schema,
  read(place, { group, rule, ...definition }) {
    const rules = readBothDirections(place, definition);
    const ruleIds = listOf(rule);
    if ((definition.ingress ?? definition.egress) === undefined && ruleIds.length === 0) nothingToDo(place, 'revoke');
    return {
      mutation: { type: 'revoke', group, rules: rules.map((each) => each.rule), ruleIds },
      names: [namedGroup([...place.path, 'group'], group)],
      peers: checkedPeers(group, rules),
    };
  },
  apply(cloud, { group: word, rules, ruleIds }) {
    const group = resolveGroup(cloud, word);
    const ids = ruleIds.flatMap((each) => ruleIdsFor(group, each));
    const withoutIds = revokeById(cloud, group.id, ids).cloud;
    return removeRules(withoutIds, group.id, specsOf(cloud, group, rules)).cloud;
  },
  text: ({ group, rules, ruleIds }) => `revoke ${group}: ${[...rules.map(unresolvedRuleText), ...ruleIds].join(', ')}`,
  step: ({ group, rules, ruleIds }) => ({
    group,
    ...(ruleIds.length === 0 ? {} : { rule: ruleIds }),
    ...rulesStep(rules),
  }),
  command: {
    usage: 'revoke GROUP RULE',
    least: 2,
    parse([group = '', ...words]) {
      const rule = words.join(' ');
      if (rule.startsWith('sgr-')) return { type: 'revoke', group, rules: [], ruleIds: [rule] };
      return { type: 'revoke', group, rules: [parseRule(rule)], ruleIds: [] };
    },
    format: ({ group, rules, ruleIds }) => (ruleIds.length > 0 ? null : ruleCommandWords(group, rules)),
  },
  random: {
    weight: 3,
    choose(cloud, choices) {
      const group = choices.of(Object.values(cloud.securityGroups).filter(({ rules }) => rules.length > 0));
      const rule = choices.of(group?.rules ?? []);
      if (group === undefined || rule === undefined) return null;
      const word = groupReference(cloud, group);
      if (rule.description !== null) return { type: 'revoke', group: word, rules: [], ruleIds: [rule.description] };
      return { type: 'revoke', group: word, rules: [toUnresolvedRule(cloud, rule)], ruleIds: [] };
    },
  },
};

function toUnresolvedRule(
  cloud: Cloud,
  { direction, protocol, fromPort, toPort, peer }: SecurityGroupRule,
): UnresolvedRule {
  const word =
    peer.type === 'cidr'
      ? peer.cidr
      : peer.type === 'prefix-list'
        ? byId(cloud.prefixLists, peer.prefixListId).name
        : groupReference(cloud, byId(cloud.securityGroups, peer.groupId));
  return { direction, protocol, fromPort, toPort, peer: word, description: null };
}
