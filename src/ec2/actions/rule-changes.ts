import {
  authorize,
  type RuleBody,
  type RuleChange,
  revoke,
  revokeById,
  revokeExisting,
} from '../../cloud/groups/rules.js';
import type { Direction, SecurityGroup } from '../../cloud/groups/types.js';
import { byId, getRule } from '../../cloud/lookup.js';
import { createTags } from '../../cloud/tags.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { groupOfRequest, requestedRules } from '../requests/rules.js';
import { specifiedTags } from '../requests/tags.js';
import { ipPermissions, revokedRuleItem, ruleItem } from '../views/security-group-rule.js';

export const ruleChangeActions = {
  AuthorizeSecurityGroupIngress: (request: Input<'AuthorizeSecurityGroupIngress'>, context: ActionContext) =>
    authorizeRules('ingress', request, context),
  AuthorizeSecurityGroupEgress: (request: Input<'AuthorizeSecurityGroupEgress'>, context: ActionContext) =>
    authorizeRules('egress', request, context),
  RevokeSecurityGroupIngress: (request: Input<'RevokeSecurityGroupIngress'>, context: ActionContext) =>
    revokeRules('ingress', request, context),
  RevokeSecurityGroupEgress: (request: Input<'RevokeSecurityGroupEgress'>, context: ActionContext) =>
    revokeRules('egress', request, context),
};

async function authorizeRules(
  direction: Direction,
  request: Input<'AuthorizeSecurityGroupIngress'>,
  context: ActionContext,
): Promise<Output<'AuthorizeSecurityGroupIngress'> & Output<'AuthorizeSecurityGroupEgress'>> {
  const tags = specifiedTags(request.TagSpecifications, 'security-group-rule');
  const { cloud, group, rules } = await context.change((before) => {
    const group = groupOfRequest(before, request);
    const made = authorize(before, group.id, requestedRules(before, direction, request));
    const ids = made.rules.map(({ id }) => id);
    return { group, rules: made.rules, cloud: createTags(made.cloud, ids, tags) };
  });
  return { Return: true, SecurityGroupRules: rules.map((rule) => ruleItem(cloud, group, rule)) };
}

type Revocation = RuleChange & { readonly group: SecurityGroup; readonly unknown: readonly RuleBody[] };

async function revokeRules(
  direction: Direction,
  request: Input<'RevokeSecurityGroupIngress'>,
  context: ActionContext,
): Promise<Output<'RevokeSecurityGroupIngress'> & Output<'RevokeSecurityGroupEgress'>> {
  const { cloud, group, rules, unknown } = await context.change((before) => revocation(before, direction, request));
  return {
    Return: true,
    UnknownIpPermissions: ipPermissions(cloud, group, unknown),
    RevokedSecurityGroupRules: rules.map((rule) => revokedRuleItem(group, rule)),
  };
}

/** A request names rules by their ids, or by what they say; in a default VPC one that does not exist is no error (A9). */
function revocation(cloud: Cloud, direction: Direction, request: Input<'RevokeSecurityGroupIngress'>): Revocation {
  const group = groupOfRequest(cloud, request);
  const { SecurityGroupRuleIds: ids, ...byText } = request;
  if (ids !== undefined && ids.length > 0) {
    checkDirection(group, direction, ids);
    return { ...revokeById(cloud, group.id, ids), group, unknown: [] };
  }
  if (byText.IpPermissions?.length === 0 || Object.keys(byText).every((key) => NON_RULE_PARAMETERS.has(key))) {
    throw new Ec2Error('MissingParameter', "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.");
  }
  const specs = requestedRules(cloud, direction, byText);
  if (byId(cloud.vpcs, group.vpcId).isDefault) return { ...revokeExisting(cloud, group.id, specs), group };
  return { ...revoke(cloud, group.id, specs), group, unknown: [] };
}

const NON_RULE_PARAMETERS: ReadonlySet<string> = new Set(['GroupId', 'GroupName', 'DryRun']);

/** An action for one direction does not know the rules of the other. */
function checkDirection(group: SecurityGroup, direction: Direction, ids: readonly string[]): void {
  const other = ids.find((id) => getRule(group, id).direction !== direction);
  if (other === undefined) return;
  const text = `The security group rule ID '${other}' does not exist`;
  throw new Ec2Error('InvalidSecurityGroupRuleId.NotFound', text);
}
