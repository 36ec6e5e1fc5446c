import type {
  AssociateSecurityGroupVpcRequest,
  AssociateSecurityGroupVpcResult,
  DescribeSecurityGroupVpcAssociationsRequest,
  DescribeSecurityGroupVpcAssociationsResult,
  DisassociateSecurityGroupVpcRequest,
  DisassociateSecurityGroupVpcResult,
} from '@aws-sdk/client-ec2';
import { associateGroup, disassociateGroup } from '../../cloud/groups/group-vpcs.js';
import type { ActionContext } from '../action.js';
import { filterItems } from '../filters.js';
import { pageOf } from '../pages.js';

export const groupVpcActions = {
  AssociateSecurityGroupVpc,
  DisassociateSecurityGroupVpc,
  DescribeSecurityGroupVpcAssociations,
};

const PAGE = { min: 5, max: 1000 };

async function AssociateSecurityGroupVpc(
  { GroupId = '', VpcId = '' }: AssociateSecurityGroupVpcRequest,
  context: ActionContext,
): Promise<AssociateSecurityGroupVpcResult> {
  await context.change((before) => ({ cloud: associateGroup(before, GroupId, VpcId) }));
  return { State: 'associated' };
}

async function DisassociateSecurityGroupVpc(
  { GroupId = '', VpcId = '' }: DisassociateSecurityGroupVpcRequest,
  context: ActionContext,
): Promise<DisassociateSecurityGroupVpcResult> {
  await context.change((before) => ({ cloud: disassociateGroup(before, GroupId, VpcId) }));
  return { State: 'disassociated' };
}

interface Association {
  readonly groupId: string;
  readonly vpcId: string;
}

/** Associations that have ended are not shown. */
function DescribeSecurityGroupVpcAssociations(
  request: DescribeSecurityGroupVpcAssociationsRequest,
  { cloud }: ActionContext,
): DescribeSecurityGroupVpcAssociationsResult {
  const all = Object.values(cloud.securityGroups).flatMap(({ id: groupId, associatedVpcIds }) =>
    associatedVpcIds.map((vpcId): Association => ({ groupId, vpcId })),
  );
  const values = {
    'group-id': ({ groupId }: Association) => [groupId],
    'group-owner-id': () => [cloud.accountId],
    'vpc-id': ({ vpcId }: Association) => [vpcId],
    'vpc-owner-id': () => [cloud.accountId],
    state: () => ['associated'],
  };
  const found = filterItems(all, request.Filters, values, () => ({}));
  const { items, NextToken } = pageOf(found, request, ({ groupId, vpcId }) => `${groupId}/${vpcId}`, PAGE);
  const SecurityGroupVpcAssociations = items.map(({ groupId, vpcId }) => ({
    GroupId: groupId,
    VpcId: vpcId,
    GroupOwnerId: cloud.accountId,
    VpcOwnerId: cloud.accountId,
    State: 'associated' as const,
  }));
  return { SecurityGroupVpcAssociations, NextToken };
}
