/** What a subnet takes on after it was made. */
import { withEntry } from '../by-id.js';
import { CloudError } from '../errors.js';
import { allInterfaces, getSubnet } from '../lookup.js';
import type { Cloud } from '../types.js';
import { checkSubnetIpv6 } from './subnet.js';
import type { Subnet, SubnetAttributes } from './types.js';

/** ModifySubnetAttribute. Throws CloudError. */
export function modifySubnet(
  cloud: Cloud,
  subnetId: string,
  changes: Partial<SubnetAttributes>,
): { cloud: Cloud; subnet: Subnet } {
  const subnet = getSubnet(cloud, subnetId);
  if (changes.assignIpv6AddressOnCreation === true && subnet.ipv6Cidr === null) {
    throw new CloudError(
      'InvalidParameterValue',
      `Invalid value 'true' for assignIpv6AddressOnCreation. The subnet '${subnet.id}' has no IPv6 CIDR block`,
      'Associate one first.',
    );
  }
  return changed(cloud, { ...subnet, attributes: { ...subnet.attributes, ...changes } });
}

/** AssociateSubnetCidrBlock: a /64 of the VPC's block. Throws CloudError. */
export function associateSubnetCidrBlock(
  cloud: Cloud,
  subnetId: string,
  cidr: string,
): { cloud: Cloud; subnet: Subnet } {
  const subnet = getSubnet(cloud, subnetId);
  if (subnet.ipv6Cidr !== null) {
    throw new CloudError(
      'InvalidParameterValue',
      `The subnet '${subnet.id}' already has an IPv6 CIDR block`,
      `It is ${subnet.ipv6Cidr}.`,
    );
  }
  return changed(cloud, { ...subnet, ipv6Cidr: checkSubnetIpv6(cloud, subnet.vpcId, cidr) });
}

/** DisassociateSubnetCidrBlock. Throws CloudError while an interface has an address of the block. */
export function disassociateSubnetCidrBlock(cloud: Cloud, subnetId: string): { cloud: Cloud; subnet: Subnet } {
  const subnet = getSubnet(cloud, subnetId);
  const user = allInterfaces(cloud).find((eni) => eni.subnetId === subnet.id && eni.ipv6Addresses.length > 0);
  if (user !== undefined) {
    throw new CloudError(
      'InvalidCidrBlock.InUse',
      `The CIDR block ${subnet.ipv6Cidr} of subnet '${subnet.id}' is in use`,
      `Interface ${user.id} has ${user.ipv6Addresses.join(', ')}.`,
    );
  }
  const attributes = { ...subnet.attributes, assignIpv6AddressOnCreation: false };
  return changed(cloud, { ...subnet, ipv6Cidr: null, attributes });
}

function changed(cloud: Cloud, subnet: Subnet): { cloud: Cloud; subnet: Subnet } {
  return { cloud: { ...cloud, subnets: withEntry(cloud.subnets, subnet) }, subnet };
}
