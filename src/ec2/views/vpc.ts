import type {
  DhcpOptions,
  VpcCidrBlockAssociation,
  VpcIpv6CidrBlockAssociation,
  Vpc as VpcItem,
} from '@aws-sdk/client-ec2';
import { associationId } from '../../cloud/ids.js';
import type { Vpc } from '../../cloud/network/types.js';
import type { Cloud } from '../../cloud/types.js';
import { tagListIfAny } from './common.js';

export function vpcItem(cloud: Cloud, vpc: Vpc): VpcItem {
  return {
    VpcId: vpc.id,
    OwnerId: cloud.accountId,
    State: 'available',
    CidrBlock: vpc.cidrs[0],
    CidrBlockAssociationSet: vpc.cidrs.map((cidr) => vpcCidrAssociation(vpc, cidr)),
    Ipv6CidrBlockAssociationSet: vpc.ipv6Cidr === null ? [] : [vpcIpv6CidrAssociation(cloud, vpc, vpc.ipv6Cidr)],
    DhcpOptionsId: dhcpOptionsItem(cloud).DhcpOptionsId,
    InstanceTenancy: 'default',
    IsDefault: vpc.isDefault,
    ...tagListIfAny(cloud, vpc.id),
  };
}

export function vpcCidrAssociation({ id }: Vpc, cidr: string): VpcCidrBlockAssociation {
  return {
    AssociationId: associationId('vpc-cidr-assoc', id, cidr),
    CidrBlock: cidr,
    CidrBlockState: { State: 'associated' },
  };
}

export function vpcIpv6CidrAssociation({ region }: Cloud, { id }: Vpc, cidr: string): VpcIpv6CidrBlockAssociation {
  return {
    AssociationId: associationId('vpc-cidr-assoc', id, cidr),
    Ipv6CidrBlock: cidr,
    Ipv6CidrBlockState: { State: 'associated' },
    NetworkBorderGroup: region,
    Ipv6Pool: 'Amazon',
    Ipv6AddressAttribute: 'public',
    IpSource: 'amazon',
  };
}

/** Every VPC has these options, those of the lab's resolver, and there are no others (DNS). */
export function dhcpOptionsItem({ name, region, accountId }: Cloud): DhcpOptions {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return {
    DhcpOptionsId: associationId('dopt', name),
    OwnerId: accountId,
    DhcpConfigurations: [
      { Key: 'domain-name', Values: [{ Value: domain }] },
      { Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] },
    ],
    Tags: [],
  };
}
