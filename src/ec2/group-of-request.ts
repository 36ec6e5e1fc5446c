import type { SecurityGroup } from '../cloud/groups/types.js';
import { getSecurityGroup } from '../cloud/lookup.js';
import { defaultVpc } from '../cloud/network/vpc.js';
import { printable } from '../cloud/text/quote.js';
import type { Cloud } from '../cloud/types.js';
import { Ec2Error } from './ec2-error.js';
import { missingParameter } from './refusals.js';

/** The group that a request means by its id, or by its name in the default VPC. Throws CloudError. */
export function groupOfRequest(
  cloud: Cloud,
  { GroupId, GroupName }: { readonly GroupId?: string | undefined; readonly GroupName?: string | undefined },
): SecurityGroup {
  if (GroupId !== undefined) return getSecurityGroup(cloud, GroupId);
  if (GroupName !== undefined) return groupByName(cloud, GroupName);
  throw missingParameter('groupName or groupId');
}

/** A group of the default VPC. Throws CloudError `InvalidGroup.NotFound`, `VPCIdNotSpecified`. */
export function groupByName(cloud: Cloud, name: string): SecurityGroup {
  const { id: vpcId } = defaultVpc(cloud);
  const found = Object.values(cloud.securityGroups).find(
    (group) => group.vpcId === vpcId && group.name.toLowerCase() === name.toLowerCase(),
  );
  if (found !== undefined) return found;
  const text = `The security group '${printable(name)}' does not exist in default VPC '${vpcId}'`;
  throw new Ec2Error('InvalidGroup.NotFound', text);
}
