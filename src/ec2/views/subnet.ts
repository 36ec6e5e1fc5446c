import type { SubnetIpv6CidrBlockAssociation, Subnet as SubnetItem } from '@aws-sdk/client-ec2';
import { associationId } from '../../cloud/ids.js';
import { byId } from '../../cloud/lookup.js';
import { freeAddressCount } from '../../cloud/network/subnet-address.js';
import type { Subnet } from '../../cloud/network/types.js';
import { zonesOf } from '../../cloud/network/zones.js';
import type { Cloud } from '../../cloud/types.js';
import { arn, tagListIfAny } from './common.js';

export function subnetItem(cloud: Cloud, subnet: Subnet): SubnetItem {
  const { id, vpcId, zone, cidr, ipv6Cidr, attributes } = subnet;
  return {
    SubnetId: id,
    SubnetArn: arn(cloud, `subnet/${id}`),
    OwnerId: cloud.accountId,
    VpcId: vpcId,
    State: 'available',
    CidrBlock: cidr,
    Ipv6CidrBlockAssociationSet: ipv6Cidr === null ? [] : [subnetCidrAssociation(id, ipv6Cidr)],
    AvailableIpAddressCount: freeAddressCount(cloud, subnet),
    AvailabilityZone: zone,
    AvailabilityZoneId: zonesOf(cloud.region).find(({ name }) => name === zone)?.id,
    DefaultForAz: byId(cloud.vpcs, vpcId).isDefault,
    MapPublicIpOnLaunch: attributes.mapPublicIpOnLaunch,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: attributes.assignIpv6AddressOnCreation,
    EnableDns64: attributes.enableDns64,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: attributes.privateDnsHostnameType,
      EnableResourceNameDnsARecord: attributes.enableResourceNameDnsARecord,
      EnableResourceNameDnsAAAARecord: attributes.enableResourceNameDnsAAAARecord,
    },
    ...tagListIfAny(cloud, id),
  };
}

export function subnetCidrAssociation(subnetId: string, cidr: string): SubnetIpv6CidrBlockAssociation {
  return {
    AssociationId: associationId('subnet-cidr-assoc', subnetId, cidr),
    Ipv6CidrBlock: cidr,
    Ipv6CidrBlockState: { State: 'associated' },
    Ipv6AddressAttribute: 'public',
    IpSource: 'amazon',
  };
}
