import type { SecurityGroup as GroupItem, SecurityGroupForVpc } from '@aws-sdk/client-ec2';
import type { Direction, SecurityGroup } from '../../cloud/groups/types.js';
import type { Cloud } from '../../cloud/types.js';
import { arn, tagList } from './common.js';
import { ipPermissions } from './security-group-rule.js';

/** An item of `securityGroupInfo`. */
export function groupItem(cloud: Cloud, group: SecurityGroup): GroupItem {
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
    Tags: tagList(cloud, group.id),
    SecurityGroupArn: groupArn(cloud, group.id),
  };
}

/** An item of `securityGroupForVpcSet`. */
export function groupForVpcItem(cloud: Cloud, group: SecurityGroup): SecurityGroupForVpc {
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    OwnerId: cloud.accountId,
    PrimaryVpcId: group.vpcId,
    Tags: tagList(cloud, group.id),
  };
}

export function groupArn(cloud: Cloud, groupId: string): string {
  return arn(cloud, `security-group/${groupId}`);
}
