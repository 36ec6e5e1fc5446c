import type {
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
} from '@aws-sdk/client-ec2';
import { createSecurityGroup, deleteSecurityGroup } from '../../cloud/security-group.js';
import { createTags } from '../../cloud/tags.js';
import type { ActionContext } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { specifiedTags, tagList } from '../tag-specifications.js';

export const securityGroupActions = { CreateSecurityGroup, DeleteSecurityGroup };

async function CreateSecurityGroup(
  { VpcId, GroupName, Description, TagSpecifications }: CreateSecurityGroupRequest,
  context: ActionContext,
): Promise<CreateSecurityGroupResult> {
  const tags = specifiedTags(TagSpecifications, 'security-group');
  const { cloud, group } = await context.change((before) => {
    if (VpcId === undefined) throw new Ec2Error('VPCIdNotSpecified', 'No default VPC for this user');
    const made = createSecurityGroup(before, { vpcId: VpcId, name: GroupName ?? '', description: Description ?? '' });
    return { ...made, cloud: createTags(made.cloud, [made.group.id], tags) };
  });
  return { GroupId: group.id, Tags: tagList(cloud, group.id) };
}

async function DeleteSecurityGroup(
  { GroupId = '' }: DeleteSecurityGroupRequest,
  context: ActionContext,
): Promise<DeleteSecurityGroupResult> {
  await context.change((before) => ({ cloud: deleteSecurityGroup(before, GroupId) }));
  return { Return: true, GroupId };
}
