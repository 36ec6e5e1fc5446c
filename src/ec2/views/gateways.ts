import type {
  EgressOnlyInternetGateway,
  InternetGateway as InternetGatewayItem,
  NatGateway,
} from '@aws-sdk/client-ec2';
import { vpcOfGateway } from '../../cloud/gateways/internet-gateway.js';
import type { InternetGateway } from '../../cloud/gateways/types.js';
import type { Instance } from '../../cloud/instances/types.js';
import { elasticIpOf } from '../../cloud/interfaces/elastic-ip.js';
import { interfacesOf, vpcIdOfInterface } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import { tagList, unlisted } from './common.js';

export function internetGatewayItem(cloud: Cloud, { id }: InternetGateway): InternetGatewayItem {
  const vpc = vpcOfGateway(cloud, id);
  return {
    InternetGatewayId: id,
    OwnerId: cloud.accountId,
    // The attachment of an internet gateway is `available`, never `attached`.
    Attachments: vpc === undefined ? [] : [{ VpcId: vpc.id, State: unlisted('available') }],
    Tags: tagList(cloud, id),
  };
}

export function egressOnlyGatewayItem(cloud: Cloud, vpcId: string, id: string): EgressOnlyInternetGateway {
  return {
    EgressOnlyInternetGatewayId: id,
    Attachments: [{ VpcId: vpcId, State: 'attached' }],
    Tags: tagList(cloud, id),
  };
}

export function natGatewayItem(cloud: Cloud, gateway: Instance): NatGateway {
  const interfaces = interfacesOf(cloud, gateway);
  const [first] = interfaces;
  return {
    NatGatewayId: gateway.id,
    ...(first === undefined ? {} : { SubnetId: first.subnetId, VpcId: vpcIdOfInterface(cloud, first) }),
    State: 'available',
    ConnectivityType: interfaces.some(({ publicIp }) => publicIp !== null) ? 'public' : 'private',
    NatGatewayAddresses: interfaces.map((eni) => {
      const address = elasticIpOf(cloud, eni.id);
      return {
        NetworkInterfaceId: eni.id,
        PrivateIp: eni.privateIpAddresses[0],
        PublicIp: eni.publicIp ?? undefined,
        AllocationId: address?.id,
        AssociationId: address?.association?.id,
        IsPrimary: true,
        Status: 'succeeded',
      };
    }),
    Tags: tagList(cloud, gateway.id),
  };
}
