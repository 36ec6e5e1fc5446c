import { CloudError } from '../errors.js';
import { findById, getRule, getSecurityGroup } from '../lookup.js';
import { checkDescription } from '../text/names.js';
import type { Cloud } from '../types.js';
import {
  checkReference,
  checkRuleQuota,
  duplicateRule,
  normaliseRule,
  type RuleChange,
  type RuleSpec,
  ruleIdentity,
  withRules,
} from './rules.js';
import type { Peer, SecurityGroup, SecurityGroupRule } from './types.js';

/** The new text of a rule, which keeps its direction. */
export type NewText = Omit<RuleSpec, 'direction'>;

/** Replaces what one rule says: see modifyRules. */
export function modifyRule(cloud: Cloud, groupId: string, ruleId: string, spec: NewText): RuleChange {
  return modifyRules(cloud, groupId, [{ ruleId, spec }]);
}

/**
 * Replaces what rules say, all or none; they keep their ids, indices and directions (A12). Throws CloudError when a peer
 * would change its type (A13), or a rule would equal another one when all are changed.
 */
export function modifyRules(
  cloud: Cloud,
  groupId: string,
  changes: readonly { readonly ruleId: string; readonly spec: NewText }[],
): RuleChange {
  const group = getSecurityGroup(cloud, groupId);
  const changed = changes.map(({ ruleId, spec }) => changedRule(cloud, group, getRule(group, ruleId), spec));
  const rules = replaced(group.rules, changed);
  checkDistinct(rules, changed);
  checkRuleQuota(cloud, rules);
  return { cloud: withRules(cloud, group, rules), rules: changed };
}

/**
 * Gives rules other descriptions, or none. No packet notices.
 * @param descriptions by rule id; null or an empty one takes the old one away
 */
export function describeRules(
  cloud: Cloud,
  groupId: string,
  descriptions: readonly { readonly ruleId: string; readonly description: string | null }[],
): RuleChange {
  const group = getSecurityGroup(cloud, groupId);
  const changed = descriptions.map(({ ruleId, description }) => {
    if (description !== null) checkDescription('rule', description);
    return { ...getRule(group, ruleId), description: description || null };
  });
  return { cloud: withRules(cloud, group, replaced(group.rules, changed)), rules: changed };
}

function replaced(rules: readonly SecurityGroupRule[], changed: readonly SecurityGroupRule[]): SecurityGroupRule[] {
  const byRuleId = Object.fromEntries(changed.map((rule) => [rule.id, rule]));
  return rules.map((rule) => findById(byRuleId, rule.id) ?? rule);
}

function changedRule(cloud: Cloud, group: SecurityGroup, old: SecurityGroupRule, spec: NewText): SecurityGroupRule {
  const body = normaliseRule(cloud, group, { ...spec, direction: old.direction });
  if (peerKind(old.peer).label !== peerKind(body.peer).label) throw changedPeerType(old, body.peer);
  checkReference(cloud, group, body);
  return { ...body, id: old.id, index: old.index };
}

function checkDistinct(rules: readonly SecurityGroupRule[], changed: readonly SecurityGroupRule[]): void {
  const all = rules.map(ruleIdentity);
  const twin = changed.find((rule) => {
    const identity = ruleIdentity(rule);
    return all.indexOf(identity) !== all.lastIndexOf(identity);
  });
  if (twin !== undefined) throw duplicateRule(twin);
}

function changedPeerType(old: SecurityGroupRule, peer: Peer): CloudError {
  return new CloudError(
    'InvalidParameterValue',
    `Invalid rule type for security group rule '${old.id}'. You may not specify ${peerKind(peer).parameter} for an existing ${peerKind(old.peer).label} rule.`,
    'Revoke the rule and authorize another one.',
  );
}

function peerKind(peer: Peer): { label: string; parameter: string } {
  if (peer.type === 'group') return { label: 'security group', parameter: 'ReferencedGroupId' };
  if (peer.type === 'prefix-list') return { label: 'prefix list', parameter: 'PrefixListId' };
  return peer.family === 'ipv4'
    ? { label: 'IPv4 CIDR', parameter: 'CidrIpv4' }
    : { label: 'IPv6 CIDR', parameter: 'CidrIpv6' };
}
