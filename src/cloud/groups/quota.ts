import { byId } from '../by-id.js';
import { CloudError } from '../errors.js';
import type { Cloud } from '../types.js';
import type { Direction, Family, Peer, SecurityGroupRule } from './types.js';

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];
const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

/**
 * The number applies to inbound and outbound rules and to IPv4 and IPv6 separately (QUO, A14). Throws CloudError with
 * AWS's text when any of the four sums exceeds it.
 */
export function checkRuleQuota(cloud: Cloud, rules: readonly SecurityGroupRule[]): void {
  for (const direction of DIRECTIONS) {
    for (const family of FAMILIES) {
      const used = sumOfCosts(cloud, rules, direction, family);
      if (used > cloud.quotas.rulesPerGroup) throw tooManyRules(cloud, used, direction, family);
    }
  }
}

/**
 * The weight of a rule in one family: a block 1, a group 1 in both (our decision, section 6), a prefix list its maximum
 * of entries (A15).
 */
export function ruleCost(cloud: Cloud, peer: Peer, family: Family): number {
  if (peer.type === 'group') return 1;
  if (peer.type === 'cidr') return peer.family === family ? 1 : 0;
  const list = byId(cloud.prefixLists, peer.prefixListId);
  return list.family === family ? list.maxEntries : 0;
}

export function checkGroupQuota(cloud: Cloud, groupIds: readonly string[]): void {
  if (groupIds.length <= cloud.quotas.groupsPerInterface) return;
  throw new CloudError(
    'SecurityGroupsPerInterfaceLimitExceeded',
    'The maximum number of security groups per interface has been reached.',
    `An interface has at most ${cloud.quotas.groupsPerInterface} groups; this makes ${groupIds.length}. Merge some, or raise quotas.groupsPerInterface.`,
  );
}

function sumOfCosts(cloud: Cloud, rules: readonly SecurityGroupRule[], direction: Direction, family: Family): number {
  return rules
    .filter((rule) => rule.direction === direction)
    .reduce((sum, rule) => sum + ruleCost(cloud, rule.peer, family), 0);
}

function tooManyRules(cloud: Cloud, used: number, direction: Direction, family: Family): CloudError {
  const which = `${family === 'ipv4' ? 'IPv4' : 'IPv6'} ${direction === 'ingress' ? 'inbound' : 'outbound'}`;
  return new CloudError(
    'RulesPerSecurityGroupLimitExceeded',
    'The maximum number of rules per security group has been reached.',
    `This makes ${used} ${which} rules of ${cloud.quotas.rulesPerGroup}; a prefix list counts its maxEntries. Merge blocks, use a second group, or raise quotas.rulesPerGroup.`,
  );
}
