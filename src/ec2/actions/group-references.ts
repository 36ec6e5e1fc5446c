import type { StaleIpPermission, StaleSecurityGroup } from '@aws-sdk/client-ec2';
import { peeringBetween } from '../../cloud/gateways/peering.js';
import { isAttached } from '../../cloud/gateways/transit-gateway.js';
import { isStale } from '../../cloud/groups/members.js';
import type { Direction, SecurityGroup } from '../../cloud/groups/types.js';
import { getSecurityGroup, getVpc } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { pageOf } from '../pages.js';
import { ipPermissions } from '../views/security-group-rule.js';

export const groupReferenceActions = { DescribeStaleSecurityGroups, DescribeSecurityGroupReferences };

const PAGE = { min: 5, max: 255 };

/** A group is stale when one of its rules refers to a group that it cannot reach any more (3.4). */
function DescribeStaleSecurityGroups(
  request: Input<'DescribeStaleSecurityGroups'>,
  { cloud }: ActionContext,
): Output<'DescribeStaleSecurityGroups'> {
  const vpc = getVpc(cloud, request.VpcId ?? '');
  const stale = Object.values(cloud.securityGroups).filter(
    (group) => group.vpcId === vpc.id && group.rules.some((rule) => isStale(cloud, group, rule)),
  );
  const { items, NextToken } = pageOf(stale, request, ({ id }) => id, PAGE);
  return { StaleSecurityGroupSet: items.map((group) => staleItem(cloud, group)), NextToken };
}

function staleItem(cloud: Cloud, group: SecurityGroup): StaleSecurityGroup {
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpcId,
    StaleIpPermissions: stalePermissions(cloud, group, 'ingress'),
    StaleIpPermissionsEgress: stalePermissions(cloud, group, 'egress'),
  };
}

function stalePermissions(cloud: Cloud, group: SecurityGroup, direction: Direction): StaleIpPermission[] {
  const stale = group.rules.filter((rule) => rule.direction === direction && isStale(cloud, group, rule));
  return ipPermissions(cloud, group, stale).map(({ IpProtocol, FromPort, ToPort, UserIdGroupPairs }) => ({
    IpProtocol,
    FromPort,
    ToPort,
    UserIdGroupPairs,
    IpRanges: [],
    PrefixListIds: [],
  }));
}

/** EC2 answers with the other VPCs whose rules refer to the groups. */
function DescribeSecurityGroupReferences(
  { GroupId = [] }: Input<'DescribeSecurityGroupReferences'>,
  { cloud }: ActionContext,
): Output<'DescribeSecurityGroupReferences'> {
  const groups = GroupId.map((id) => getSecurityGroup(cloud, id));
  const SecurityGroupReferenceSet = groups.flatMap((group) =>
    referringVpcIds(cloud, group).map((vpcId) => {
      const peering = peeringBetween(cloud, vpcId, group.vpcId);
      return {
        GroupId: group.id,
        ReferencingVpcId: vpcId,
        VpcPeeringConnectionId: peering?.id,
        TransitGatewayId: peering === undefined ? transitGatewayIdBetween(cloud, vpcId, group.vpcId) : undefined,
      };
    }),
  );
  return { SecurityGroupReferenceSet };
}

function transitGatewayIdBetween(cloud: Cloud, vpcId: string, otherVpcId: string): string | undefined {
  return Object.values(cloud.transitGateways).find((each) => isAttached(each, vpcId) && isAttached(each, otherVpcId))
    ?.id;
}

function referringVpcIds(cloud: Cloud, group: SecurityGroup): string[] {
  const referring = Object.values(cloud.securityGroups).filter(
    ({ vpcId, rules }) =>
      vpcId !== group.vpcId && rules.some(({ peer }) => peer.type === 'group' && peer.groupId === group.id),
  );
  return [...new Set(referring.map(({ vpcId }) => vpcId))];
}
