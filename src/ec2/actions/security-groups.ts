import type { SecurityGroup as GroupItem, SecurityGroupForVpc } from '@aws-sdk/client-ec2';
import { isUsableIn } from '../../cloud/groups/members.js';
import { createSecurityGroup, deleteSecurityGroup } from '../../cloud/groups/security-group.js';
import type { Direction, SecurityGroup } from '../../cloud/groups/types.js';
import { isId } from '../../cloud/ids.js';
import { byId, getSecurityGroup, getVpc } from '../../cloud/lookup.js';
import { defaultVpc } from '../../cloud/network/vpc.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { groupByName, groupOfRequest } from '../requests/rules.js';
import { specifiedTags } from '../requests/tags.js';
import { arn, tagListIfAny } from '../views/common.js';
import { ipPermissions } from '../views/security-group-rule.js';

export const securityGroupActions = {
  CreateSecurityGroup,
  DeleteSecurityGroup,
  DescribeSecurityGroups,
  GetSecurityGroupsForVpc,
};

async function CreateSecurityGroup(
  { VpcId, GroupName, Description, TagSpecifications }: Input<'CreateSecurityGroup'>,
  context: ActionContext,
): Promise<Output<'CreateSecurityGroup'>> {
  const tags = specifiedTags(TagSpecifications, 'security-group');
  const { cloud, group } = await context.change((before) => {
    const vpcId = VpcId ?? defaultVpc(before).id;
    const made = createSecurityGroup(before, { vpcId, name: GroupName ?? '', description: Description ?? '' });
    return { ...made, cloud: createTags(made.cloud, [made.group.id], tags) };
  });
  return { GroupId: group.id, ...tagListIfAny(cloud, group.id), SecurityGroupArn: groupArn(cloud, group.id) };
}

async function DeleteSecurityGroup(
  request: Input<'DeleteSecurityGroup'>,
  context: ActionContext,
): Promise<Output<'DeleteSecurityGroup'>> {
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
  request: Input<'DescribeSecurityGroups'>,
  { cloud }: ActionContext,
): Output<'DescribeSecurityGroups'> {
  const wanted = requestedGroupIds(cloud, request);
  const all = Object.values(cloud.securityGroups).filter(({ id }) => wanted === null || wanted.has(id));
  const { items, NextToken } = describeItems(cloud, all, request, GROUPS);
  return { SecurityGroups: items, NextToken };
}

/** @returns the ids of the groups that a request names by id or name; null: it names none. Throws CloudError. */
function requestedGroupIds(
  cloud: Cloud,
  { GroupIds = [], GroupNames = [] }: Input<'DescribeSecurityGroups'>,
): ReadonlySet<string> | null {
  if (GroupIds.length + GroupNames.length === 0) return null;
  const groups = [
    ...GroupIds.map((id) => getSecurityGroup(cloud, id)),
    ...GroupNames.map((name) => groupByName(cloud, name)),
  ];
  return new Set(groups.map(({ id }) => id));
}

/** EC2 answers with the groups that interfaces of the VPC can have. */
function GetSecurityGroupsForVpc(
  request: Input<'GetSecurityGroupsForVpc'>,
  { cloud }: ActionContext,
): Output<'GetSecurityGroupsForVpc'> {
  const vpc = getVpc(cloud, request.VpcId ?? '');
  const all = Object.values(cloud.securityGroups).filter((group) => isUsableIn(group, vpc.id));
  const { items, NextToken } = describeItems(cloud, all, request, GROUPS_FOR_VPC);
  return { SecurityGroupForVpcs: items, NextToken };
}

const GROUPS_FOR_VPC: Description<SecurityGroup, SecurityGroupForVpc> = {
  structure: 'SecurityGroupForVpc',
  idOf: ({ id }) => id,
  itemOf: groupForVpcItem,
  filters: ['description', 'group-id', 'group-name', 'owner-id', 'primary-vpc-id'],
};

/** Several filters of rules may be met by different rules (A19). */
const GROUPS: Description<SecurityGroup, GroupItem> = {
  structure: 'SecurityGroup',
  idOf: ({ id }) => id,
  itemOf: groupItem,
  filters: ['description', 'group-id', 'group-name', 'owner-id', 'vpc-id'],
  paths: {
    ...permissionPaths('ip-permission', 'IpPermissions'),
    ...permissionPaths('egress.ip-permission', 'IpPermissionsEgress'),
  },
  values: {
    'ip-permission.group-name': referencedNames('ingress'),
    'egress.ip-permission.group-name': referencedNames('egress'),
  },
};

function permissionPaths(name: string, member: keyof GroupItem): Record<string, string> {
  return {
    [`${name}.cidr`]: `${member}.IpRanges.CidrIp`,
    [`${name}.from-port`]: `${member}.FromPort`,
    [`${name}.group-id`]: `${member}.UserIdGroupPairs.GroupId`,
    [`${name}.ipv6-cidr`]: `${member}.Ipv6Ranges.CidrIpv6`,
    [`${name}.prefix-list-id`]: `${member}.PrefixListIds.PrefixListId`,
    [`${name}.protocol`]: `${member}.IpProtocol`,
    [`${name}.to-port`]: `${member}.ToPort`,
    [`${name}.user-id`]: `${member}.UserIdGroupPairs.UserId`,
  };
}

/** EC2 finds a rule by the name of the group that it refers to, and answers with the id only. */
function referencedNames(direction: Direction) {
  return (cloud: Cloud, { rules }: SecurityGroup) =>
    rules.flatMap((rule) =>
      rule.direction === direction && rule.peer.type === 'group'
        ? [byId(cloud.securityGroups, rule.peer.groupId).name]
        : [],
    );
}

/** An item of `securityGroupInfo`. */
function groupItem(cloud: Cloud, group: SecurityGroup): GroupItem {
  const permissions = (direction: Direction) =>
    ipPermissions(
      cloud,
      group,
      group.rules.filter((rule) => rule.direction === direction),
    );
  return {
    OwnerId: cloud.accountId,
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    VpcId: group.vpcId,
    // A filter that looks at another member must not make permissions of all rules of the lab.
    get IpPermissions() {
      return permissions('ingress');
    },
    get IpPermissionsEgress() {
      return permissions('egress');
    },
    ...tagListIfAny(cloud, group.id),
    SecurityGroupArn: groupArn(cloud, group.id),
  };
}

/** An item of `securityGroupForVpcSet`. */
function groupForVpcItem(cloud: Cloud, group: SecurityGroup): SecurityGroupForVpc {
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    OwnerId: cloud.accountId,
    PrimaryVpcId: group.vpcId,
    ...tagListIfAny(cloud, group.id),
  };
}

function groupArn(cloud: Cloud, groupId: string): string {
  return arn(cloud, `security-group/${groupId}`);
}
