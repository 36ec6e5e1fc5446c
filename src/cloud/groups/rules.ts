import { byId, withEntry } from '../by-id.js';
import { CloudError } from '../errors.js';
import { isId, makeId, nextSerial } from '../ids.js';
import { getRule, getSecurityGroup } from '../lookup.js';
import { printable } from '../text/quote.js';
import { awsRuleText } from '../text/rule-text.js';
import { hintFor } from '../text/suggest.js';
import type { Cloud } from '../types.js';
import { checkRuleQuota } from './quota.js';
import { checkReference, normaliseRule, type RuleBody, type RuleSpec, ruleIdentity } from './rule-spec.js';
import type { SecurityGroup, SecurityGroupRule } from './types.js';

export interface RuleChange {
  readonly cloud: Cloud;
  /** The rules made, removed or changed, in the order in which they were asked for. */
  readonly rules: readonly SecurityGroupRule[];
}

/**
 * Adds rules to a group, all or none. Throws CloudError: `InvalidPermission.Duplicate` for one that exists,
 * `InvalidParameterValue` for one that appears twice, `RulesPerSecurityGroupLimitExceeded` beyond the quota.
 */
export function authorize(cloud: Cloud, groupId: string, specs: readonly RuleSpec[]): RuleChange {
  const group = getSecurityGroup(cloud, groupId);
  const bodies = normaliseAll(cloud, group, specs);
  const existing = new Set(group.rules.map(ruleIdentity));
  const twin = bodies.find((body) => existing.has(ruleIdentity(body)));
  if (twin !== undefined) throw duplicateRule(twin);
  for (const body of bodies) checkReference(cloud, group, body);
  const change = addRules(cloud, group.id, bodies);
  checkRuleQuota(change.cloud, byId(change.cloud.securityGroups, group.id).rules);
  return change;
}

/**
 * Removes rules by what they say; descriptions do not count. All or none, as in a non-default VPC (A9): throws
 * CloudError `InvalidPermission.NotFound` when any of them does not exist.
 */
export function revoke(cloud: Cloud, groupId: string, specs: readonly RuleSpec[]): RuleChange {
  const group = getSecurityGroup(cloud, groupId);
  const rules = normaliseAll(cloud, group, specs).map((body) => findRule(group, body));
  return removeRules(cloud, group, rules);
}

/** Removes those of the rules that exist, as in a default VPC (A9); `unknown` are the others, in their normal form. */
export function revokeExisting(
  cloud: Cloud,
  groupId: string,
  specs: readonly RuleSpec[],
): RuleChange & { readonly unknown: readonly RuleBody[] } {
  const group = getSecurityGroup(cloud, groupId);
  const known = new Map(group.rules.map((rule) => [ruleIdentity(rule), rule]));
  const bodies = normaliseAll(cloud, group, specs);
  const rules = bodies.flatMap((body) => known.get(ruleIdentity(body)) ?? []);
  return { ...removeRules(cloud, group, rules), unknown: bodies.filter((body) => !known.has(ruleIdentity(body))) };
}

/** Removes rules by id. Throws CloudError `InvalidSecurityGroupRuleId.NotFound` when any is not the group's (A11). */
export function revokeById(cloud: Cloud, groupId: string, ruleIds: readonly string[]): RuleChange {
  const group = getSecurityGroup(cloud, groupId);
  return removeRules(
    cloud,
    group,
    [...new Set(ruleIds)].map((id) => getRule(group, id)),
  );
}

/** Gives each body an id and an index of its own and appends it. Checks nothing. */
export function addRules(cloud: Cloud, groupId: string, bodies: readonly RuleBody[]): RuleChange {
  let next = cloud;
  const rules = bodies.map((body): SecurityGroupRule => {
    next = nextSerial(next);
    return { id: makeId(next, 'sgr'), index: next.serial, ...body };
  });
  const group = byId(cloud.securityGroups, groupId);
  return { cloud: withRules(next, group, [...group.rules, ...rules]), rules };
}

/** The group's rule that says the same. Throws CloudError `InvalidPermission.NotFound`. */
export function findRule(group: SecurityGroup, body: RuleBody): SecurityGroupRule {
  const identity = ruleIdentity(body);
  const found = group.rules.find((rule) => ruleIdentity(rule) === identity);
  if (found !== undefined) return found;
  throw new CloudError(
    'InvalidPermission.NotFound',
    'The specified rule does not exist in this security group.',
    `Group ${group.name} has no rule "${awsRuleText(body)}"; direction, protocol, ports and peer must be exactly the same.`,
  );
}

function normaliseAll(cloud: Cloud, group: SecurityGroup, specs: readonly RuleSpec[]): RuleBody[] {
  const bodies = specs.map((spec) => normaliseRule(cloud, group, spec));
  if (new Set(bodies.map(ruleIdentity)).size < bodies.length) {
    throw new CloudError(
      'InvalidParameterValue',
      'The same permission must not appear multiple times',
      'Leave the second one out.',
    );
  }
  return bodies;
}

function removeRules(cloud: Cloud, group: SecurityGroup, rules: readonly SecurityGroupRule[]): RuleChange {
  const gone = new Set(rules.map((rule) => rule.id));
  return {
    cloud: withRules(
      cloud,
      group,
      group.rules.filter((rule) => !gone.has(rule.id)),
    ),
    rules,
  };
}

/** The group with other rules in place of its own. Checks nothing. */
export function withRules(cloud: Cloud, group: SecurityGroup, rules: readonly SecurityGroupRule[]): Cloud {
  return { ...cloud, securityGroups: withEntry(cloud.securityGroups, { ...group, rules }) };
}

export function duplicateRule(body: RuleBody): CloudError {
  return new CloudError(
    'InvalidPermission.Duplicate',
    `the specified rule "${awsRuleText(body)}" already exists`,
    'Leave it out; a different description does not make it a different rule.',
  );
}

/** The group's rules that a word means: a rule's id, or a description. Throws CloudError when there is none. */
export function ruleIdsFor(group: SecurityGroup, word: string): string[] {
  if (isId('sgr', word)) return [word];
  const found = group.rules.filter((rule) => rule.description === word);
  if (found.length > 0) return found.map((rule) => rule.id);
  const descriptions = group.rules.flatMap((rule) => rule.description ?? []);
  throw new CloudError(
    'InvalidSecurityGroupRuleId.NotFound',
    `group ${group.name} has no rule described as '${printable(word)}'`,
    hintFor(word, descriptions) ?? 'Write the id of a rule (sgr-…) or its description.',
  );
}
