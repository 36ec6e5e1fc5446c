/** `modify` changes what a rule of a security group says; the rule keeps its id. */
import type { SecurityGroupRule } from '../../cloud/groups/types.js';
import { normaliseProtocol } from '../../cloud/protocol.js';
import { modificationText, modifyRuleByReference, type RuleModification } from '../../cloud/text/modify.js';
import { resolveGroup } from '../../cloud/text/resolve.js';
import { allAsNumber, parsePorts, parseRule } from '../../cloud/text/rule.js';
import { BLOCKS4, BLOCKS6, groupReference } from '../choices.js';
import { namedGroup } from '../names.js';
import type { SchemaParts } from '../schema-parts.js';
import { ruleStep } from '../step-form.js';
import type { DefinitionOf, Place, Verb } from '../verb.js';

interface Modify {
  readonly type: 'modify';
  /** A name or id. */
  readonly group: string;
  /** The id or description of one rule. */
  readonly rule: string;
  readonly to: RuleModification;
}

const schema = ({ z, groupSchema, ruleSchema: { shape }, portsSchema }: SchemaParts) =>
  z
    .strictObject({
      group: groupSchema,
      rule: z.string().describe('Id or description of one rule. Example: `rule: SSH from the office`'),
      to: z
        .strictObject({
          protocol: shape.protocol.optional(),
          ports: portsSchema.optional().describe('For tcp and udp: 443, "7000-8000" or all. Example: `ports: 443`'),
          type: shape.type,
          code: shape.code,
          from: z.string().optional().describe('Ingress: the new peer, of the same kind. Example: `from: 10.0.0.9/32`'),
          to: z.string().optional().describe('Egress: the new peer, of the same kind. Example: `to: 10.0.0.0/16`'),
          description: shape.description,
        })
        .describe('What changes; the rest of the rule stays. Example: `{ from: 10.0.0.9/32 }`'),
    })
    .describe(
      'Changes what a rule says; it keeps its id. Example: `modify: { group: web, rule: SSH, to: { from: 10.0.0.9/32 } }`',
    );

type Definition = DefinitionOf<typeof schema>;

export const modify: Verb<Modify, Definition> = {
  key: 'modify',
  schema,
  read: ({ problems, path }, { group, rule, to }) => ({
    mutation: { type: 'modify', group, rule, to: readModification({ problems, path: [...path, 'to'] }, to) },
    names: [namedGroup([...path, 'group'], group)],
  }),
  apply: (cloud, { group, rule, to }) => modifyRuleByReference(cloud, resolveGroup(cloud, group), rule, to),
  text: ({ group, rule, to }) => `modify ${group}: ${rule} becomes ${modificationText(to)}`,
  step: ({ group, rule, to }) => ({ group, rule, to: ruleStep(to) }),
  command: {
    usage: 'modify GROUP RULE NEW-RULE',
    least: 3,
    parse([group = '', rule = '', ...words]) {
      const { description: _, ...to } = parseRule(words.join(' '));
      return { type: 'modify', group, rule, to };
    },
  },
  random: {
    weight: 2,
    choose(cloud, choices) {
      const isChangeable = ({ peer, description }: SecurityGroupRule) => peer.type === 'cidr' && description !== null;
      const group = choices.of(Object.values(cloud.securityGroups).filter(({ rules }) => rules.some(isChangeable)));
      const rule = choices.of((group?.rules ?? []).filter(isChangeable));
      if (group === undefined || rule?.peer.type !== 'cidr' || rule.description === null) return null;
      const peer = choices.of(rule.peer.family === 'ipv4' ? BLOCKS4 : BLOCKS6) ?? '0.0.0.0/0';
      const to = { direction: rule.direction, peer };
      return { type: 'modify', group: groupReference(cloud, group), rule: rule.description, to };
    },
  },
};

function readModification({ problems, path }: Place, to: Definition['to']): RuleModification {
  const { protocol, ports, from, to: destination, description } = to;
  if (Object.keys(to).length === 0) {
    problems.add(path, {
      message: 'nothing to modify',
      hint: 'Write `from`, `to`, `protocol`, `ports` or `description`.',
    });
  }
  const range =
    (to.type ?? to.code) !== undefined
      ? { fromPort: to.type ?? -1, toPort: to.code ?? -1 }
      : ports === undefined
        ? {}
        : problems.attempt([...path, 'ports'], () => parsePorts(String(ports)));
  const number =
    protocol === undefined
      ? undefined
      : problems.attempt([...path, 'protocol'], () => normaliseProtocol(allAsNumber(String(protocol))));
  const peer = from ?? destination;
  return {
    ...range,
    ...(number === undefined ? {} : { protocol: number }),
    ...(peer === undefined ? {} : { peer, direction: from === undefined ? 'egress' : 'ingress' }),
    ...(description === undefined ? {} : { description }),
  };
}
