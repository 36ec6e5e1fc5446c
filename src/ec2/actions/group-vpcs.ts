import type { SecurityGroupVpcAssociation } from '@aws-sdk/client-ec2';
import { associateGroup, disassociateGroup } from '../../cloud/groups/members.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';

export const groupVpcActions = {
  AssociateSecurityGroupVpc,
  DisassociateSecurityGroupVpc,
  DescribeSecurityGroupVpcAssociations,
};

async function AssociateSecurityGroupVpc(
  { GroupId = '', VpcId = '' }: Input<'AssociateSecurityGroupVpc'>,
  context: ActionContext,
): Promise<Output<'AssociateSecurityGroupVpc'>> {
  await context.change((before) => ({ cloud: associateGroup(before, GroupId, VpcId) }));
  return { State: 'associated' };
}

async function DisassociateSecurityGroupVpc(
  { GroupId = '', VpcId = '' }: Input<'DisassociateSecurityGroupVpc'>,
  context: ActionContext,
): Promise<Output<'DisassociateSecurityGroupVpc'>> {
  await context.change((before) => ({ cloud: disassociateGroup(before, GroupId, VpcId) }));
  return { State: 'disassociated' };
}

interface Association {
  readonly groupId: string;
  readonly vpcId: string;
}

/** Associations that have ended are not shown. */
const ASSOCIATIONS: Description<Association, SecurityGroupVpcAssociation> = {
  structure: 'SecurityGroupVpcAssociation',
  idOf: ({ groupId, vpcId }) => `${groupId}/${vpcId}`,
  itemOf: ({ accountId }, { groupId, vpcId }) => ({
    GroupId: groupId,
    VpcId: vpcId,
    GroupOwnerId: accountId,
    VpcOwnerId: accountId,
    State: 'associated',
  }),
  filters: ['group-id', 'group-owner-id', 'state', 'vpc-id', 'vpc-owner-id'],
};

function DescribeSecurityGroupVpcAssociations(
  request: Input<'DescribeSecurityGroupVpcAssociations'>,
  { cloud }: ActionContext,
): Output<'DescribeSecurityGroupVpcAssociations'> {
  const all = Object.values(cloud.securityGroups).flatMap(({ id: groupId, associatedVpcIds }) =>
    associatedVpcIds.map((vpcId): Association => ({ groupId, vpcId })),
  );
  const { items, NextToken } = describeItems(cloud, all, request, ASSOCIATIONS);
  return { SecurityGroupVpcAssociations: items, NextToken };
}
