/** Steps that change security groups, their members and prefix lists. */
import { z } from 'zod';
import { modificationSchema, stepName as name, oneOrMany, ruleSchema } from './schema-parts.js';

const group = z.string().describe('A security group’s name. Example: `group: web`');

const rules = {
  ingress: oneOrMany(ruleSchema)
    .optional()
    .describe('A rule or several. Example: `ingress: { protocol: tcp, ports: 22, from: web }`'),
  egress: oneOrMany(ruleSchema)
    .optional()
    .describe('A rule or several. Example: `egress: { protocol: all, to: 0.0.0.0/0 }`'),
};

const authorize = z.strictObject({
  name,
  authorize: z
    .strictObject({ group, ...rules })
    .describe(
      'Adds rules, all or none. Example: `authorize: { group: db, ingress: { protocol: tcp, ports: 3306, from: web } }`',
    ),
});

const revoke = z.strictObject({
  name,
  revoke: z
    .strictObject({
      group,
      ...rules,
      rule: oneOrMany(z.string())
        .optional()
        .describe('Ids or descriptions of rules. Example: `rule: HTTPS from anywhere`'),
    })
    .describe(
      'Removes rules, all or none. Example: `revoke: { group: db, ingress: { protocol: tcp, ports: 3306, from: web } }`',
    ),
});

const modify = z.strictObject({
  name,
  modify: z
    .strictObject({
      group,
      rule: z.string().describe('Id or description of one rule. Example: `rule: SSH from the office`'),
      to: modificationSchema,
    })
    .describe(
      'Changes what a rule says; it keeps its id. Example: `modify: { group: web, rule: SSH, to: { from: 10.0.0.9/32 } }`',
    ),
});

const membership = z.strictObject({
  instance: z.string().describe('An instance or one of its interfaces. Example: `instance: web-1.eth1`'),
  group,
});

const prefixList = z.strictObject({
  name,
  prefixList: z
    .strictObject({
      name: z.string().describe('The prefix list’s name. Example: `name: partners`'),
      add: oneOrMany(z.string()).optional().describe('Blocks. Example: `add: 10.2.0.0/16`'),
      remove: oneOrMany(z.string()).optional().describe('Blocks. Example: `remove: 10.1.0.0/16`'),
    })
    .describe('Changes the entries of a prefix list. Example: `prefixList: { name: partners, add: 10.2.0.0/16 }`'),
});

export const GROUP_STEPS = {
  authorize,
  revoke,
  modify,
  attach: z.strictObject({
    name,
    attach: membership.describe('Adds a group to an interface. Example: `attach: { instance: web-1, group: admin }`'),
  }),
  detach: z.strictObject({
    name,
    detach: membership.describe(
      'Takes a group from an interface. Example: `detach: { instance: web-1, group: admin }`',
    ),
  }),
  prefixList,
} as const;
