import type { SecurityGroupRule as RuleItem, SecurityGroupRuleRequest } from '@aws-sdk/client-ec2';
import { describeRules, modifyRules, type NewText } from '../../cloud/groups/modify-rules.js';
import { findRule, normaliseRule, type PeerSpec } from '../../cloud/groups/rules.js';
import type { Direction, SecurityGroup, SecurityGroupRule } from '../../cloud/groups/types.js';
import { isId } from '../../cloud/ids.js';
import { getRule, getSecurityGroup } from '../../cloud/lookup.js';
import { hasPorts, isIcmp, normaliseProtocol } from '../../cloud/protocol.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { groupOfRequest, noProtocol, requestedRules } from '../requests/rules.js';
import { ruleItem } from '../views/security-group-rule.js';

export const securityGroupRuleActions = {
  DescribeSecurityGroupRules,
  ModifySecurityGroupRules,
  UpdateSecurityGroupRuleDescriptionsIngress: (
    request: Input<'UpdateSecurityGroupRuleDescriptionsIngress'>,
    context: ActionContext,
  ) => updateDescriptions('ingress', request, context),
  UpdateSecurityGroupRuleDescriptionsEgress: (
    request: Input<'UpdateSecurityGroupRuleDescriptionsEgress'>,
    context: ActionContext,
  ) => updateDescriptions('egress', request, context),
};

interface RuleOfGroup {
  readonly group: SecurityGroup;
  readonly rule: SecurityGroupRule;
}

const RULES: Description<RuleOfGroup, RuleItem> = {
  structure: 'SecurityGroupRule',
  idOf: ({ rule }) => rule.id,
  itemOf: (cloud, { group, rule }) => ruleItem(cloud, group, rule),
  notFound: (_cloud, id) => getRule({ rules: [] }, id),
  filters: ['security-group-rule-id'],
  // Clients ask for one group of thousands of rules: this makes no items of all others.
  values: { 'group-id': (_cloud, { group }) => [group.id] },
};

function DescribeSecurityGroupRules(
  { SecurityGroupRuleIds: ids, Filters = [], ...page }: Input<'DescribeSecurityGroupRules'>,
  { cloud }: ActionContext,
): Output<'DescribeSecurityGroupRules'> {
  checkGroupIds(Filters.filter(({ Name }) => Name === 'group-id').flatMap(({ Values }) => Values ?? []));
  const all = Object.values(cloud.securityGroups).flatMap((group) => group.rules.map((rule) => ({ group, rule })));
  const { items, NextToken } = describeItems(cloud, all, { ids, Filters, ...page }, RULES);
  return { SecurityGroupRules: items, NextToken };
}

/** A filter by an unknown id finds nothing, one by a malformed id is an error (MOTO-V). */
function checkGroupIds(ids: readonly string[]): void {
  const malformed = ids.find((id) => !isId('sg', id) && !/[*?]/.test(id));
  if (malformed === undefined) return;
  throw new Ec2Error('InvalidGroupId.Malformed', `The security group ID '${printable(malformed)}' is malformed`);
}

async function ModifySecurityGroupRules(
  { GroupId = '', SecurityGroupRules = [] }: Input<'ModifySecurityGroupRules'>,
  context: ActionContext,
): Promise<Output<'ModifySecurityGroupRules'>> {
  await context.change((before) => {
    const group = getSecurityGroup(before, GroupId);
    const changes = SecurityGroupRules.map(({ SecurityGroupRuleId: ruleId = '', SecurityGroupRule }) => ({
      ruleId,
      spec: newText(group, ruleId, SecurityGroupRule ?? {}),
    }));
    return modifyRules(before, group.id, changes);
  });
  return { Return: true };
}

function newText(group: SecurityGroup, ruleId: string, request: SecurityGroupRuleRequest): NewText {
  const peer = onlyPeer(request);
  getRule(group, ruleId);
  const { IpProtocol, FromPort = null, ToPort = null, Description = null } = request;
  if (IpProtocol === undefined) throw noProtocol();
  return { protocol: IpProtocol, fromPort: FromPort, toPort: ToPort, description: Description, peer };
}

function onlyPeer({ CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId }: SecurityGroupRuleRequest): PeerSpec {
  const peers: PeerSpec[] = [
    ...(CidrIpv4 === undefined ? [] : [{ type: 'cidr', family: 'ipv4', cidr: CidrIpv4 } as const]),
    ...(CidrIpv6 === undefined ? [] : [{ type: 'cidr', family: 'ipv6', cidr: CidrIpv6 } as const]),
    ...(PrefixListId === undefined ? [] : [{ type: 'prefix-list', prefixListId: PrefixListId } as const]),
    ...(ReferencedGroupId === undefined ? [] : [{ type: 'group', groupId: ReferencedGroupId } as const]),
  ];
  const [peer, ...others] = peers;
  if (peer === undefined) {
    throw new Ec2Error(
      'MissingParameter',
      'The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId',
    );
  }
  if (others.length === 0) return peer;
  throw new Ec2Error(
    'InvalidParameterCombination',
    'Only one of cidrIp, cidrIpv6, prefixListId, or referencedGroupId can be specified',
  );
}

type DescriptionsRequest = Input<'UpdateSecurityGroupRuleDescriptionsIngress'>;

/** A rule whose description is left out has none afterwards. */
async function updateDescriptions(
  direction: Direction,
  request: DescriptionsRequest,
  context: ActionContext,
): Promise<Output<'UpdateSecurityGroupRuleDescriptionsIngress'> & Output<'UpdateSecurityGroupRuleDescriptionsEgress'>> {
  await context.change((before) => {
    const group = groupOfRequest(before, request);
    return describeRules(before, group.id, [
      ...(request.SecurityGroupRuleDescriptions ?? []).map(({ SecurityGroupRuleId = '', Description = null }) => ({
        ruleId: SecurityGroupRuleId,
        description: Description,
      })),
      ...describedByText(before, group, direction, request),
    ]);
  });
  return { Return: true };
}

function describedByText(cloud: Cloud, group: SecurityGroup, direction: Direction, request: DescriptionsRequest) {
  const { IpPermissions, SecurityGroupRuleDescriptions } = request;
  if (IpPermissions === undefined && SecurityGroupRuleDescriptions !== undefined) return [];
  return requestedRules(cloud, direction, { IpPermissions }).map((spec) => {
    checkNoPorts(spec.protocol, spec.fromPort ?? null);
    const body = normaliseRule(cloud, group, spec);
    return { ruleId: findRule(group, body).id, description: body.description };
  });
}

/** These actions alone refuse ports of a protocol that has none (1.2, LIVE). */
function checkNoPorts(protocol: string, fromPort: number | null): void {
  const name = normaliseProtocol(protocol);
  if (fromPort === null || hasPorts(name) || isIcmp(name)) return;
  const which = name === '-1' ? 'ALL' : name;
  throw new Ec2Error('InvalidParameterValue', `When protocol is ${which}, you cannot specify from-port.`);
}
