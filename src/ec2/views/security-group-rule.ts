/** Answers have rules singly, or in bundles of the same protocol and ports (1.1). */

import type {
  IpPermission,
  ReferencedSecurityGroup,
  RevokedSecurityGroupRule,
  SecurityGroupRule as RuleItem,
} from '@aws-sdk/client-ec2';
import { peeringBetween } from '../../cloud/gateways/peering.js';
import type { RuleBody } from '../../cloud/groups/rules.js';
import type { Peer, SecurityGroup, SecurityGroupRule } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import { arn, tagList } from './common.js';

/** EC2 writes this for both ports of a rule that has none (1.2). */
const NO_PORT = -1;

/** An item of `securityGroupRuleSet`. */
export function ruleItem(cloud: Cloud, group: SecurityGroup, rule: SecurityGroupRule): RuleItem {
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: group.id,
    GroupOwnerId: cloud.accountId,
    ...trafficOf(rule),
    ...addressesOf(rule.peer),
    ReferencedGroupInfo: rule.peer.type === 'group' ? referenceOf(cloud, group, rule.peer.groupId) : undefined,
    Description: rule.description ?? undefined,
    Tags: tagList(cloud, rule.id),
    SecurityGroupRuleArn: arn(cloud, `security-group-rule/${rule.id}`),
  };
}

/** An item of `revokedSecurityGroupRuleSet`. */
export function revokedRuleItem(group: SecurityGroup, rule: SecurityGroupRule): RevokedSecurityGroupRule {
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: group.id,
    ...trafficOf(rule),
    ...addressesOf(rule.peer),
    ReferencedGroupId: rule.peer.type === 'group' ? rule.peer.groupId : undefined,
    Description: rule.description ?? undefined,
  };
}

/** An `ipPermissions`: a bundle for all rules of the same protocol and ports, in the order of the first of each. */
export function ipPermissions(cloud: Cloud, group: SecurityGroup, rules: readonly RuleBody[]): IpPermission[] {
  return bundlesOf(rules).map((bundle) => ({
    ...headingOf(bundle),
    UserIdGroupPairs: bundle.flatMap(({ peer, description }) =>
      peer.type === 'group'
        ? { ...referenceOf(cloud, group, peer.groupId), Description: description ?? undefined }
        : [],
    ),
    IpRanges: bundle.flatMap(({ peer, description }) =>
      peer.type === 'cidr' && peer.family === 'ipv4'
        ? { CidrIp: peer.cidr, Description: description ?? undefined }
        : [],
    ),
    Ipv6Ranges: bundle.flatMap(({ peer, description }) =>
      peer.type === 'cidr' && peer.family === 'ipv6'
        ? { CidrIpv6: peer.cidr, Description: description ?? undefined }
        : [],
    ),
    PrefixListIds: bundle.flatMap(({ peer, description }) =>
      peer.type === 'prefix-list' ? { PrefixListId: peer.prefixListId, Description: description ?? undefined } : [],
    ),
  }));
}

/** The protocol and ports of a bundle; here EC2 leaves out ports that a protocol does not have. */
export function headingOf([first]: Bundle) {
  const { protocol, fromPort, toPort } = first;
  return { IpProtocol: protocol, FromPort: fromPort ?? undefined, ToPort: toPort ?? undefined };
}

type Bundle = readonly [RuleBody, ...RuleBody[]];

export function bundlesOf(rules: readonly RuleBody[]): Bundle[] {
  const bundles = new Map<string, [RuleBody, ...RuleBody[]]>();
  for (const rule of rules) {
    const heading = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`;
    const bundle = bundles.get(heading);
    if (bundle === undefined) bundles.set(heading, [rule]);
    else bundle.push(rule);
  }
  return [...bundles.values()];
}

/** A reference to a group of another VPC names the peering, too, and its status (3.4). */
export function referenceOf(cloud: Cloud, group: SecurityGroup, groupId: string): ReferencedSecurityGroup {
  const { vpcId } = byId(cloud.securityGroups, groupId);
  const own = { GroupId: groupId, UserId: cloud.accountId };
  if (vpcId === group.vpcId) return own;
  const peering = peeringBetween(cloud, group.vpcId, vpcId);
  return { ...own, VpcId: vpcId, VpcPeeringConnectionId: peering?.id, PeeringStatus: peering?.status };
}

function trafficOf({ direction, protocol, fromPort, toPort }: RuleBody) {
  return {
    IsEgress: direction === 'egress',
    IpProtocol: protocol,
    FromPort: fromPort ?? NO_PORT,
    ToPort: toPort ?? NO_PORT,
  };
}

function addressesOf(peer: Peer) {
  return {
    CidrIpv4: peer.type === 'cidr' && peer.family === 'ipv4' ? peer.cidr : undefined,
    CidrIpv6: peer.type === 'cidr' && peer.family === 'ipv6' ? peer.cidr : undefined,
    PrefixListId: peer.type === 'prefix-list' ? peer.prefixListId : undefined,
  };
}
