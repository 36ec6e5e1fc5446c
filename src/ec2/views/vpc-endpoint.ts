import type { ServiceDetail, VpcEndpoint } from '@aws-sdk/client-ec2';
import { byId } from '../../cloud/by-id.js';
import { tablesOfEndpoint } from '../../cloud/gateways/gateway-endpoint.js';
import type { GatewayEndpoint } from '../../cloud/gateways/types.js';
import type { PrefixList } from '../../cloud/groups/types.js';
import { zonesOf } from '../../cloud/network/zones.js';
import type { Cloud } from '../../cloud/types.js';
import { tagList, unlisted } from './common.js';

/** What an endpoint without a policy of its own has. */
const FULL_ACCESS = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

export function vpcEndpointItem(cloud: Cloud, endpoint: GatewayEndpoint): VpcEndpoint {
  return {
    VpcEndpointId: endpoint.id,
    VpcEndpointType: 'Gateway',
    VpcId: endpoint.vpcId,
    OwnerId: cloud.accountId,
    ServiceName: byId(cloud.prefixLists, endpoint.prefixListId).name,
    ServiceRegion: cloud.region,
    // The wire has it in small letters, whatever the client's type says.
    State: unlisted('available'),
    PolicyDocument: endpoint.policy ?? FULL_ACCESS,
    RouteTableIds: tablesOfEndpoint(cloud, endpoint).map(({ id }) => id),
    SubnetIds: [],
    Groups: [],
    PrivateDnsEnabled: false,
    RequesterManaged: false,
    NetworkInterfaceIds: [],
    DnsEntries: [],
    Tags: tagList(cloud, endpoint.id),
  };
}

export function serviceItem({ region }: Cloud, { id, name }: PrefixList): ServiceDetail {
  return {
    ServiceName: name,
    ServiceId: id.replace(/^pl-/, 'vpce-svc-'),
    ServiceType: [{ ServiceType: 'Gateway' }],
    ServiceRegion: region,
    AvailabilityZones: zonesOf(region).map((zone) => zone.name),
    Owner: 'amazon',
    BaseEndpointDnsNames: [`${name.split('.').at(-1)}.${region}.amazonaws.com`],
    VpcEndpointPolicySupported: true,
    AcceptanceRequired: false,
    ManagesVpcEndpoints: false,
    Tags: [],
    PrivateDnsNames: [],
    SupportedIpAddressTypes: ['ipv4'],
  };
}
