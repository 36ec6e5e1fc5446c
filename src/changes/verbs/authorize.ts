/** `authorize` adds rules to a security group. */
import { authorize as addRules } from '../../cloud/groups/rules.js';
import { resolveGroup } from '../../cloud/text/resolve.js';
import { parseRule, type UnresolvedRule, unresolvedRuleText } from '../../cloud/text/rule.js';
import { chooseRule, groupReference } from '../choices.js';
import { namedGroup } from '../names.js';
import { checkedPeers, nothingToDo, readBothDirections, specsOf } from '../read-rules.js';
import type { SchemaParts } from '../schema-parts.js';
import { ruleCommandWords, rulesStep } from '../step-form.js';
import type { DefinitionOf, Verb } from '../verb.js';

interface Authorize {
  readonly type: 'authorize';
  /** A name or id. */
  readonly group: string;
  readonly rules: readonly UnresolvedRule[];
}

const schema = ({ z, groupSchema, rulesShape }: SchemaParts) =>
  z
    .strictObject({ group: groupSchema, ...rulesShape })
    .describe(
      'Adds rules, all or none. Example: `authorize: { group: db, ingress: { protocol: tcp, ports: 3306, from: web } }`',
    );

export const authorize: Verb<Authorize, DefinitionOf<typeof schema>> = {
  key: 'authorize',
  schema,
  read(place, { group, ...definition }) {
    const rules = readBothDirections(place, definition);
    if ((definition.ingress ?? definition.egress) === undefined) nothingToDo(place, 'authorize');
    return {
      mutation: { type: 'authorize', group, rules: rules.map(({ rule }) => rule) },
      names: [namedGroup([...place.path, 'group'], group)],
      peers: checkedPeers(group, rules),
    };
  },
  apply(cloud, { group: word, rules }) {
    const group = resolveGroup(cloud, word);
    return addRules(cloud, group.id, specsOf(cloud, group, rules)).cloud;
  },
  text: ({ group, rules }) => `authorize ${group}: ${rules.map(unresolvedRuleText).join(', ')}`,
  step: ({ group, rules }) => ({ group, ...rulesStep(rules) }),
  command: {
    usage: 'authorize GROUP RULE',
    least: 2,
    parse: ([group = '', ...rule]) => ({ type: 'authorize', group, rules: [parseRule(rule.join(' '))] }),
    format: ({ group, rules }) => ruleCommandWords(group, rules),
  },
  random: {
    weight: 8,
    choose(cloud, choices, serial) {
      const group = choices.of(Object.values(cloud.securityGroups));
      if (group === undefined) return null;
      // Rules are named by their description: their ids would depend on everything before them.
      const rules = ['a', 'b', 'c'].slice(0, 1 + choices.number(3)).map((letter) => {
        return { ...chooseRule(cloud, group, choices), description: `r${serial}${letter}` };
      });
      return { type: 'authorize', group: groupReference(cloud, group), rules };
    },
  },
};
