import type {
  CreateSecurityGroupRequest,
  CreateSecurityGroupResult,
  DeleteSecurityGroupRequest,
  DeleteSecurityGroupResult,
  DescribeSecurityGroupsRequest,
  DescribeSecurityGroupsResult,
  GetSecurityGroupsForVpcRequest,
  GetSecurityGroupsForVpcResult,
} from '@aws-sdk/client-ec2';
import { isUsableIn } from '../../cloud/groups/group-vpcs.js';
import { createSecurityGroup, deleteSecurityGroup } from '../../cloud/groups/security-group.js';
import { isId } from '../../cloud/ids.js';
import { getSecurityGroup, getVpc } from '../../cloud/lookup.js';
import { defaultVpc } from '../../cloud/network/vpc.js';
import { createTags, tagsOf } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { filterItems } from '../filters.js';
import { groupByName, groupOfRequest } from '../group-of-request.js';
import { pageOf } from '../pages.js';
import { groupFilters } from '../security-group-filters.js';
import { specifiedTags, tagList } from '../tag-specifications.js';
import { groupArn, groupForVpcItem, groupItem } from '../views/security-group.js';

export const securityGroupActions = {
  CreateSecurityGroup,
  DeleteSecurityGroup,
  DescribeSecurityGroups,
  GetSecurityGroupsForVpc,
};

const PAGE = { min: 5, max: 1000 };

async function CreateSecurityGroup(
  { VpcId, GroupName, Description, TagSpecifications }: CreateSecurityGroupRequest,
  context: ActionContext,
): Promise<CreateSecurityGroupResult> {
  const tags = specifiedTags(TagSpecifications, 'security-group');
  const { cloud, group } = await context.change((before) => {
    const vpcId = VpcId ?? defaultVpc(before).id;
    const made = createSecurityGroup(before, { vpcId, name: GroupName ?? '', description: Description ?? '' });
    return { ...made, cloud: createTags(made.cloud, [made.group.id], tags) };
  });
  return { GroupId: group.id, Tags: tagList(cloud, group.id), SecurityGroupArn: groupArn(cloud, group.id) };
}

async function DeleteSecurityGroup(
  request: DeleteSecurityGroupRequest,
  context: ActionContext,
): Promise<DeleteSecurityGroupResult> {
  const { GroupId } = request;
  if (GroupId !== undefined && !isId('sg', GroupId)) {
    throw new Ec2Error('InvalidGroupId.Malformed', `The security-group ID '${printable(GroupId)}' is malformed`);
  }
  const { id } = await context.change((before) => {
    const { id } = groupOfRequest(before, request);
    return { id, cloud: deleteSecurityGroup(before, id) };
  });
  return { Return: true, GroupId: id };
}

function DescribeSecurityGroups(
  request: DescribeSecurityGroupsRequest,
  { cloud }: ActionContext,
): DescribeSecurityGroupsResult {
  const wanted = wantedGroups(cloud, request);
  const all = Object.values(cloud.securityGroups).filter(({ id }) => wanted === null || wanted.has(id));
  const found = filterItems(all, request.Filters, groupFilters(cloud), ({ id }) => tagsOf(cloud, id));
  const { items, NextToken } = pageOf(found, request, ({ id }) => id, PAGE);
  return { SecurityGroups: items.map((group) => groupItem(cloud, group)), NextToken };
}

/** The ids that a request names, by id or name; null where it names none. Throws CloudError for an unknown one. */
function wantedGroups(
  cloud: Cloud,
  { GroupIds = [], GroupNames = [] }: DescribeSecurityGroupsRequest,
): ReadonlySet<string> | null {
  if (GroupIds.length + GroupNames.length === 0) return null;
  const groups = [
    ...GroupIds.map((id) => getSecurityGroup(cloud, id)),
    ...GroupNames.map((name) => groupByName(cloud, name)),
  ];
  return new Set(groups.map(({ id }) => id));
}

/** The groups that interfaces of the VPC can have. */
function GetSecurityGroupsForVpc(
  request: GetSecurityGroupsForVpcRequest,
  { cloud }: ActionContext,
): GetSecurityGroupsForVpcResult {
  const vpc = getVpc(cloud, request.VpcId ?? '');
  const all = Object.values(cloud.securityGroups).filter((group) => isUsableIn(group, vpc.id));
  const { description, 'group-id': groupId, 'group-name': groupName, 'owner-id': ownerId } = groupFilters(cloud);
  const filters = {
    description,
    'group-id': groupId,
    'group-name': groupName,
    'owner-id': ownerId,
    'primary-vpc-id': ({ vpcId }: (typeof all)[number]) => [vpcId],
  };
  const found = filterItems(all, request.Filters, filters, ({ id }) => tagsOf(cloud, id));
  const { items, NextToken } = pageOf(found, request, ({ id }) => id, PAGE);
  return { SecurityGroupForVpcs: items.map((group) => groupForVpcItem(cloud, group)), NextToken };
}
