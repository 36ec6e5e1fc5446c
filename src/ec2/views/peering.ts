import type { VpcPeeringConnection, VpcPeeringConnectionVpcInfo } from '@aws-sdk/client-ec2';
import { byId } from '../../cloud/by-id.js';
import type { Peering, PeeringStatus } from '../../cloud/gateways/types.js';
import type { Cloud } from '../../cloud/types.js';
import { tagList } from './common.js';

export function peeringItem(cloud: Cloud, peering: Peering): VpcPeeringConnection {
  const { id, requesterVpcId, accepterVpcId, status, dnsResolution } = peering;
  return {
    VpcPeeringConnectionId: id,
    RequesterVpcInfo: side(cloud, requesterVpcId, dnsResolution.requester),
    AccepterVpcInfo: side(cloud, accepterVpcId, dnsResolution.accepter),
    Status: { Code: status, Message: messageOf(cloud, status) },
    Tags: tagList(cloud, id),
  };
}

function side(cloud: Cloud, vpcId: string, allowDns: boolean): VpcPeeringConnectionVpcInfo {
  const { cidrs, ipv6Cidr } = byId(cloud.vpcs, vpcId);
  return {
    VpcId: vpcId,
    OwnerId: cloud.accountId,
    Region: cloud.region,
    CidrBlock: cidrs[0],
    CidrBlockSet: cidrs.map((CidrBlock) => ({ CidrBlock })),
    Ipv6CidrBlockSet: ipv6Cidr === null ? [] : [{ Ipv6CidrBlock: ipv6Cidr }],
    PeeringOptions: {
      AllowDnsResolutionFromRemoteVpc: allowDns,
      AllowEgressFromLocalClassicLinkToRemoteVpc: false,
      AllowEgressFromLocalVpcToRemoteClassicLink: false,
    },
  };
}

function messageOf({ accountId }: Cloud, status: PeeringStatus): string {
  switch (status) {
    case 'pending-acceptance':
      return `Pending Acceptance by ${accountId}`;
    case 'active':
      return 'Active';
    case 'rejected':
      return `Rejected by ${accountId}`;
    case 'expired':
      return 'Expired';
    case 'deleted':
      return `Deleted by ${accountId}`;
  }
}
