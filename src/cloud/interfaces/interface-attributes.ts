import { CloudError } from '../errors.js';
import { isUsableIn } from '../groups/members.js';
import { checkGroupQuota, differentNetworks } from '../groups/rules.js';
import { byId, getAnyInterface, getSecurityGroup, interfaceName, vpcIdOfInterface, withInterface } from '../lookup.js';
import { nextPublicIp } from '../network/internet-address.js';
import type { Cloud } from '../types.js';
import { elasticIpOf } from './elastic-ip.js';

/**
 * Replaces the whole set of an interface's groups (ModifyNetworkInterfaceAttribute, A23). Throws CloudError for none,
 * too many (A16), unknown ones and those of another VPC.
 */
export function setInterfaceGroups(cloud: Cloud, interfaceId: string, groupIds: readonly string[]): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  const unique = [...new Set(groupIds)];
  if (unique.length === 0) throw noGroups(interfaceName(cloud, eni.id));
  const vpcId = vpcIdOfInterface(cloud, eni);
  for (const group of unique.map((id) => getSecurityGroup(cloud, id))) {
    if (!isUsableIn(group, vpcId))
      throw differentNetworks(`group ${group.name} and interface ${interfaceName(cloud, eni.id)}`);
  }
  checkGroupQuota(cloud, unique);
  return withInterface(cloud, { ...eni, groupIds: unique });
}

/** Adds one group. Throws CloudError also when the interface has it already. */
export function attachGroup(cloud: Cloud, interfaceId: string, groupId: string): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  const group = getSecurityGroup(cloud, groupId);
  if (eni.groupIds.includes(group.id)) {
    throw new CloudError(
      'InvalidParameterValue',
      `${interfaceName(cloud, eni.id)} has the group ${group.name} already`,
    );
  }
  return setInterfaceGroups(cloud, eni.id, [...eni.groupIds, group.id]);
}

/** Removes one group. Throws CloudError when the interface does not have it, or has no other. */
export function detachGroup(cloud: Cloud, interfaceId: string, groupId: string): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  const group = getSecurityGroup(cloud, groupId);
  if (!eni.groupIds.includes(group.id)) {
    const has = eni.groupIds.map((id) => byId(cloud.securityGroups, id).name).join(', ');
    throw new CloudError(
      'InvalidParameterValue',
      `${interfaceName(cloud, eni.id)} does not have the group ${group.name}`,
      `It has: ${has}.`,
    );
  }
  return setInterfaceGroups(
    cloud,
    eni.id,
    eni.groupIds.filter((id) => id !== group.id),
  );
}

/** An interface is never without a group (MODEL ModifyNetworkInterfaceAttribute.Groups). */
export function noGroups(name: string): CloudError {
  return new CloudError(
    'InvalidParameterValue',
    `${name} would be left without a security group`,
    'Attach another group first; a group without ingress rules lets nothing new in.',
  );
}

/** ModifyNetworkInterfaceAttribute AssociatePublicIpAddress: at once where its instance runs; an elastic address stays. */
export function setPoolAddress(cloud: Cloud, interfaceId: string, wanted: boolean): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  const changed = { ...eni, poolAddress: wanted };
  if (elasticIpOf(cloud, eni.id) !== undefined) return withInterface(cloud, changed);
  const isRunning = Object.hasOwn(cloud.networkInterfaces, eni.id);
  const publicIp = wanted && isRunning ? (eni.publicIp ?? nextPublicIp(cloud)) : null;
  return withInterface(cloud, { ...changed, publicIp });
}

/** ModifyNetworkInterfaceAttribute SourceDestCheck: off, an interface may pass on what is neither from nor to it (ENI, S103). */
export function setSourceDestCheck(cloud: Cloud, interfaceId: string, enabled: boolean): Cloud {
  return withInterface(cloud, { ...getAnyInterface(cloud, interfaceId), sourceDestCheck: enabled });
}
