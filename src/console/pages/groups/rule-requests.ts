/** What a saved form asks of the EC2 API, in an order that closes nothing that stays open. */
import { type RuleBody, ruleIdentity } from '../../../cloud/groups/rules.js';
import type { Direction, Peer, SecurityGroupRule } from '../../../cloud/groups/types.js';
import type { Ec2Request } from '../../../controller/console/protocol.js';
import { type Ec2Input, ec2Request } from '../../live/call.js';

/** A row of the form: what it asks for, and the rule that it is of; null: a new one. */
export interface WantedRule {
  readonly ruleId: string | null;
  readonly body: RuleBody;
}

export interface RuleChanges {
  readonly authorize: readonly RuleBody[];
  readonly modify: readonly { readonly ruleId: string; readonly body: RuleBody }[];
  readonly describe: readonly { readonly ruleId: string; readonly description: string }[];
  readonly revoke: readonly string[];
}

/**
 * The changes from the rules of a direction to the wanted ones. A rule keeps its id wherever AWS can modify it, which is
 * unless the kind of its peer changes; and no rule is asked for that another one still is while the requests are made.
 */
export function ruleChanges(rules: readonly SecurityGroupRule[], wanted: readonly WantedRule[]): RuleChanges {
  const assigned = assignedIds(rules, wanted);
  const changes = [...assigned].flatMap(([rule, body]) => (isSameRule(rule, body) ? [] : [{ rule, body }]));
  const taken = new Set(assigned.values());
  return {
    authorize: wanted.flatMap(({ body }) => (taken.has(body) ? [] : [body])),
    modify: changes.flatMap(({ rule, body }) => (isSameText(rule, body) ? [] : [{ ruleId: rule.id, body }])),
    describe: changes.flatMap(({ rule, body }) =>
      isSameText(rule, body) ? [{ ruleId: rule.id, description: body.description ?? '' }] : [],
    ),
    revoke: rules.flatMap((rule) => (assigned.has(rule) ? [] : [rule.id])),
  };
}

/** Which rule becomes, or is already, which wanted one. */
function assignedIds(
  rules: readonly SecurityGroupRule[],
  wanted: readonly WantedRule[],
): Map<SecurityGroupRule, RuleBody> {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const assigned = new Map<SecurityGroupRule, RuleBody>();
  for (const { ruleId, body } of wanted) {
    const rule = ruleId === null ? undefined : byId.get(ruleId);
    if (rule !== undefined && kindOf(rule.peer) === kindOf(body.peer)) assigned.set(rule, body);
  }
  settleTwins(rules, wanted, assigned);
  return assigned;
}

/**
 * EC2 refuses a rule that exists. So where a row asks for what a rule says that is to go, or to become another one, that
 * rule stays instead, and what it was to become is asked for in its place.
 */
function settleTwins(
  rules: readonly SecurityGroupRule[],
  wanted: readonly WantedRule[],
  assigned: Map<SecurityGroupRule, RuleBody>,
): void {
  const present = new Map(rules.map((rule) => [ruleIdentity(rule), rule]));
  const waiting = wanted.map(({ body }) => body).filter((body) => ![...assigned.values()].includes(body));
  for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) {
    const twin = present.get(ruleIdentity(body));
    if (twin === undefined) continue;
    const displaced = assigned.get(twin);
    assigned.set(twin, body);
    if (displaced !== undefined) waiting.push(displaced);
  }
  for (let pair = onTwin(present, assigned); pair !== undefined; pair = onTwin(present, assigned)) {
    assigned.delete(pair.rule);
    assigned.set(pair.twin, pair.body);
  }
}

/** A rule that is to become what another one says that is to go. */
function onTwin(
  present: ReadonlyMap<string, SecurityGroupRule>,
  assigned: ReadonlyMap<SecurityGroupRule, RuleBody>,
): { rule: SecurityGroupRule; twin: SecurityGroupRule; body: RuleBody } | undefined {
  for (const [rule, body] of assigned) {
    const twin = present.get(ruleIdentity(body));
    if (twin !== undefined && !assigned.has(twin)) return { rule, twin, body };
  }
  return undefined;
}

function kindOf(peer: Peer): string {
  return peer.type === 'cidr' ? peer.family : peer.type;
}

function isSameText(one: RuleBody, other: RuleBody): boolean {
  return ruleIdentity(one) === ruleIdentity(other);
}

function isSameRule(rule: SecurityGroupRule, body: RuleBody): boolean {
  return isSameText(rule, body) && rule.description === body.description;
}

/**
 * `opening-first` closes nothing that stays open. Where the group has no room for new rules beside the old ones
 * `closing-first` is the only way, as in AWS.
 */
export type Order = 'opening-first' | 'closing-first';

export function ruleRequests(
  { groupId, direction }: { readonly groupId: string; readonly direction: Direction },
  changes: RuleChanges,
  order: Order = 'opening-first',
): Ec2Request[] {
  const suffix = direction === 'ingress' ? 'Ingress' : 'Egress';
  const ask = (action: string, member: string, list: readonly (string | Ec2Input)[]) =>
    list.length === 0 ? [] : [ec2Request(action, { GroupId: groupId, [member]: list })];
  const open = ask(`AuthorizeSecurityGroup${suffix}`, 'IpPermissions', changes.authorize.map(permission));
  const close = ask(`RevokeSecurityGroup${suffix}`, 'SecurityGroupRuleId', changes.revoke);
  const change = [
    ...ask('ModifySecurityGroupRules', 'SecurityGroupRule', changes.modify.map(ruleUpdate)),
    ...ask(
      `UpdateSecurityGroupRuleDescriptions${suffix}`,
      'SecurityGroupRuleDescription',
      changes.describe.map(({ ruleId, description }) => ({ SecurityGroupRuleId: ruleId, Description: description })),
    ),
  ];
  return order === 'opening-first' ? [...open, ...change, ...close] : [...close, ...change, ...open];
}

function permission({ protocol, fromPort, toPort, peer, description }: RuleBody): Ec2Input {
  const said = { Description: description ?? undefined };
  return { IpProtocol: protocol, ...portsPart(fromPort, toPort), ...peerPart(peer, said) };
}

function peerPart(peer: Peer, said: Ec2Input): Ec2Input {
  switch (peer.type) {
    case 'group':
      return { Groups: [{ GroupId: peer.groupId, ...said }] };
    case 'prefix-list':
      return { PrefixListIds: [{ PrefixListId: peer.prefixListId, ...said }] };
    case 'cidr':
      return peer.family === 'ipv4'
        ? { IpRanges: [{ CidrIp: peer.cidr, ...said }] }
        : { Ipv6Ranges: [{ CidrIpv6: peer.cidr, ...said }] };
  }
}

function ruleUpdate({ ruleId, body }: RuleChanges['modify'][number]): Ec2Input {
  const { protocol, fromPort, toPort, peer, description } = body;
  const rule = {
    IpProtocol: protocol,
    ...portsPart(fromPort, toPort),
    ...peerMember(peer),
    Description: description ?? undefined,
  };
  return { SecurityGroupRuleId: ruleId, SecurityGroupRule: rule };
}

function peerMember(peer: Peer): Ec2Input {
  switch (peer.type) {
    case 'group':
      return { ReferencedGroupId: peer.groupId };
    case 'prefix-list':
      return { PrefixListId: peer.prefixListId };
    case 'cidr':
      return peer.family === 'ipv4' ? { CidrIpv4: peer.cidr } : { CidrIpv6: peer.cidr };
  }
}

function portsPart(fromPort: number | null, toPort: number | null): Ec2Input {
  return { FromPort: fromPort ?? undefined, ToPort: toPort ?? undefined };
}
