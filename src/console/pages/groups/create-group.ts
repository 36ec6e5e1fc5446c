/** A new security group, and its rules in place of those that AWS gives it. */
import type { RuleBody } from '../../../cloud/groups/rules.js';
import type { SecurityGroupRule } from '../../../cloud/groups/types.js';
import { call, ec2 } from '../../live/call.js';
import { type Tag, tagsAtCreation } from '../../resources/tags-editor.js';
import { ruleChanges, ruleRequests } from './rule-requests.js';

export interface NewGroup {
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  readonly tags: readonly Tag[];
}

/** @returns its id. @throws CallError */
export async function createGroup({ name, description, vpcId, tags }: NewGroup): Promise<string> {
  const answer = await ec2('CreateSecurityGroup', {
    GroupName: name,
    GroupDescription: description,
    VpcId: vpcId,
    ...tagsAtCreation('security-group', tags),
  });
  return (answer as { readonly GroupId: string }).GroupId;
}

/** @throws CallError */
export async function addRules(
  groupId: string,
  inbound: readonly RuleBody[],
  outbound: readonly RuleBody[],
): Promise<void> {
  const born = await bornRules(groupId);
  const requests = (['ingress', 'egress'] as const).flatMap((direction) => {
    const rules = born.filter((rule) => rule.direction === direction);
    const bodies = direction === 'ingress' ? inbound : outbound;
    const changes = ruleChanges(
      rules,
      bodies.map((body) => ({ ruleId: null, body })),
    );
    return ruleRequests({ groupId, direction }, changes);
  });
  for (const request of requests) await call('ec2', request);
}

interface DescribedRule {
  readonly SecurityGroupRuleId: string;
  readonly IsEgress: boolean;
  readonly CidrIpv4?: string;
  readonly CidrIpv6?: string;
}

/** AWS gives a new group rules that let everything out, of each family that its VPC has. */
async function bornRules(groupId: string): Promise<readonly SecurityGroupRule[]> {
  const filter = [{ Name: 'group-id', Value: [groupId] }];
  const answer = await ec2('DescribeSecurityGroupRules', { Filter: filter });
  const { SecurityGroupRules } = answer as { readonly SecurityGroupRules: readonly DescribedRule[] };
  return SecurityGroupRules.map(({ SecurityGroupRuleId: id, IsEgress, CidrIpv4, CidrIpv6 }) => ({
    id,
    index: 0,
    direction: IsEgress ? 'egress' : 'ingress',
    protocol: '-1',
    fromPort: null,
    toPort: null,
    peer: { type: 'cidr', family: CidrIpv4 === undefined ? 'ipv6' : 'ipv4', cidr: CidrIpv4 ?? CidrIpv6 ?? '' },
    description: null,
  }));
}
