import { CloudError } from '../errors.js';
import { isId, makeId, nextSerial } from '../ids.js';
import { byId, getPrefixList, getRule, getSecurityGroup, withEntry } from '../lookup.js';
import { parsePeerCidr } from '../network/cidr.js';
import { normaliseProtocol, normaliseRange } from '../protocol.js';
import { checkDescription } from '../text/names.js';
import { printable } from '../text/quote.js';
import { hintFor } from '../text/suggest.js';
import type { Cloud } from '../types.js';
import { canReferenceGroup } from './members.js';
import type { Direction, Family, Peer, SecurityGroup, SecurityGroupRule } from './types.js';

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

/** A rule as it is asked for: anything the EC2 API takes in one entry of an IpPermission. */
export interface RuleSpec {
  readonly direction: Direction;
  /** A name in any case, a number, or `-1`. */
  readonly protocol: string;
  /** First port or ICMP type; ignored where the protocol has neither. */
  readonly fromPort?: number | null;
  /** Last port or ICMP code. */
  readonly toPort?: number | null;
  readonly peer: PeerSpec;
  readonly description?: string | null;
}

export type PeerSpec =
  /** `family` when the caller says which one it expects, as CidrIp and CidrIpv6 do. */
  | { readonly type: 'cidr'; readonly cidr: string; readonly family?: Family }
  | { readonly type: 'prefix-list'; readonly prefixListId: string }
  | { readonly type: 'group'; readonly groupId: string };

/** A rule without what the lab gives it. */
export type RuleBody = Omit<SecurityGroupRule, 'id' | 'index'>;

/** Checks a rule for a group and puts it in the form in which it is stored and compared. Throws CloudError. */
export function normaliseRule(cloud: Cloud, group: SecurityGroup, spec: RuleSpec): RuleBody {
  const protocol = normaliseProtocol(spec.protocol);
  const range = normaliseRange(protocol, spec.fromPort ?? null, spec.toPort ?? null);
  if (spec.description != null) checkDescription('rule', spec.description);
  return {
    direction: spec.direction,
    protocol,
    ...range,
    peer: normalisePeer(cloud, group, spec.direction, spec.peer),
    description: spec.description || null,
  };
}

/** The peer with its block canonicalised (A6), after checking that what it refers to exists and is in reach. */
function normalisePeer(cloud: Cloud, group: SecurityGroup, direction: Direction, peer: PeerSpec): Peer {
  if (peer.type === 'cidr') {
    const { family, text } = parsePeerCidr(peer.cidr, peer.family);
    return { type: 'cidr', family, cidr: text };
  }
  if (peer.type === 'prefix-list')
    return { type: 'prefix-list', prefixListId: getPrefixList(cloud, peer.prefixListId).id };
  const referenced = getSecurityGroup(cloud, peer.groupId);
  // What has become stale must still be found, or nobody could revoke it (3.4).
  if (!group.rules.some((rule) => refersTo(rule, referenced))) checkReach(cloud, group, direction, referenced);
  return { type: 'group', groupId: referenced.id };
}

/** Throws AWS's error if a new rule of the group cannot refer to what it refers to (3.3). */
export function checkReference(cloud: Cloud, group: SecurityGroup, { direction, peer }: RuleBody): void {
  if (peer.type === 'group') checkReach(cloud, group, direction, getSecurityGroup(cloud, peer.groupId));
}

function checkReach(cloud: Cloud, group: SecurityGroup, direction: Direction, referenced: SecurityGroup): void {
  if (canReferenceGroup(cloud, direction, group, referenced)) return;
  throw differentNetworks(`${group.name} and ${referenced.name}`);
}

function refersTo({ peer }: RuleBody, group: SecurityGroup): boolean {
  return peer.type === 'group' && peer.groupId === group.id;
}

/** AWS's text for a group of an unconnected VPC (section 3.3 of the semantics, LIVE). */
export function differentNetworks(which: string): CloudError {
  return new CloudError(
    'InvalidGroup.NotFound',
    'You have specified two resources that belong to different networks.',
    `They are in different VPCs: ${which}. Use a group of the same VPC or of one with an active peering, or a CIDR block as a rule's peer.`,
  );
}

/** The identity of a rule in its group: everything but the description (A7). */
export function ruleIdentity(rule: RuleBody): string {
  const { direction, protocol, fromPort, toPort, peer } = rule;
  return [direction, protocol, fromPort, toPort, peerIdentity(peer)].join(' ');
}

/** The one value that names the peer: a block or an id. */
export function peerIdentity(peer: Peer): string {
  if (peer.type === 'cidr') return peer.cidr;
  return peer.type === 'group' ? peer.groupId : peer.prefixListId;
}

/** The rule as AWS writes it in `InvalidPermission.Duplicate` (LIVE): `peer: 0.0.0.0/0, TCP, from port: 22, …`. */
function awsRuleText(rule: RuleBody): string {
  return `peer: ${peerIdentity(rule.peer)}, ${awsTraffic(rule)}, ALLOW`;
}

function awsTraffic({ protocol, fromPort, toPort }: RuleBody): string {
  if (protocol === '-1') return 'ALL';
  if (protocol === 'tcp' || protocol === 'udp')
    return `${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}`;
  if (fromPort === null) return `protocol: ${protocol}`;
  return `${protocol.toUpperCase()}, type: ${allOr(fromPort)}, code: ${allOr(toPort)}`;
}

function allOr(value: number | null): string {
  return value === -1 || value === null ? 'ALL' : String(value);
}
