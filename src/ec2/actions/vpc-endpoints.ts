import type { ServiceDetail, VpcEndpoint } from '@aws-sdk/client-ec2';
import {
  createGatewayEndpoint,
  deleteGatewayEndpoint,
  gatewayServices,
  getGatewayEndpoint,
  modifyGatewayEndpoint,
  tablesOfEndpoint,
} from '../../cloud/gateways/gateway-endpoint.js';
import type { GatewayEndpoint } from '../../cloud/gateways/types.js';
import type { PrefixList } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import { zonesOf } from '../../cloud/network/zones.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { eachOf } from '../batch.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { missingParameter, refuseParameters, unsupported } from '../refusals.js';
import { specifiedTags } from '../requests/tags.js';
import { tagList, unlisted } from '../views/common.js';

export const vpcEndpointActions = {
  CreateVpcEndpoint,
  DeleteVpcEndpoints,
  DescribeVpcEndpoints,
  ModifyVpcEndpoint,
  DescribeVpcEndpointServices,
};

const INTERFACE_ONLY = [
  'SubnetIds',
  'SecurityGroupIds',
  'SubnetConfigurations',
  'PrivateDnsEnabled',
  'ServiceNetworkArn',
  'ResourceConfigurationArn',
] as const;

async function CreateVpcEndpoint(
  request: Input<'CreateVpcEndpoint'>,
  context: ActionContext,
): Promise<Output<'CreateVpcEndpoint'>> {
  const { VpcId = '', VpcEndpointType = 'Gateway', ServiceName, PolicyDocument = null, RouteTableIds = [] } = request;
  if (VpcEndpointType !== 'Gateway') {
    throw unsupported(
      `endpoints of type ${printable(VpcEndpointType)} by the API; a lab file can define interface ones`,
    );
  }
  refuseParameters(request, INTERFACE_ONLY);
  if (ServiceName === undefined) throw missingParameter('ServiceName');
  const tags = specifiedTags(request.TagSpecifications, 'vpc-endpoint');
  const { cloud, endpoint } = await context.change((before) => {
    const made = createGatewayEndpoint(before, {
      vpcId: VpcId,
      prefixListId: serviceOf(before, ServiceName).id,
      routeTableIds: [...new Set(RouteTableIds)],
      policy: PolicyDocument,
    });
    return { ...made, cloud: createTags(made.cloud, [made.endpoint.id], tags) };
  });
  return { VpcEndpoint: vpcEndpointItem(cloud, endpoint), ClientToken: request.ClientToken };
}

async function ModifyVpcEndpoint(
  request: Input<'ModifyVpcEndpoint'>,
  context: ActionContext,
): Promise<Output<'ModifyVpcEndpoint'>> {
  refuseParameters(request, ['AddSubnetIds', 'RemoveSubnetIds', 'AddSecurityGroupIds', 'RemoveSecurityGroupIds']);
  const { VpcEndpointId = '', PolicyDocument, ResetPolicy, AddRouteTableIds = [], RemoveRouteTableIds = [] } = request;
  const policy = ResetPolicy === true ? null : PolicyDocument;
  await context.change((before) => ({
    cloud: modifyGatewayEndpoint(before, VpcEndpointId, {
      addRouteTableIds: AddRouteTableIds,
      removeRouteTableIds: RemoveRouteTableIds,
      ...(policy === undefined ? {} : { policy }),
    }),
  }));
  return { Return: true };
}

/** An endpoint that cannot be deleted is listed with its reason; the others are deleted. */
async function DeleteVpcEndpoints(
  { VpcEndpointIds = [] }: Input<'DeleteVpcEndpoints'>,
  context: ActionContext,
): Promise<Output<'DeleteVpcEndpoints'>> {
  const { failed } = await context.change((before) =>
    eachOf(before, VpcEndpointIds, (cloud, id) => ({ cloud: deleteGatewayEndpoint(cloud, id), made: id })),
  );
  return { Unsuccessful: failed };
}

function serviceOf(cloud: Cloud, name: string): PrefixList {
  const services = gatewayServices(cloud);
  const found = services.find((service) => service.name === name);
  if (found !== undefined) return found;
  throw new Ec2Error('InvalidServiceName', `The Vpc Endpoint Service '${printable(name)}' does not exist`);
}

const VPC_ENDPOINTS: Description<GatewayEndpoint, VpcEndpoint> = {
  structure: 'VpcEndpoint',
  idOf: ({ id }) => id,
  itemOf: vpcEndpointItem,
  notFound: getGatewayEndpoint,
  filters: ['service-name', 'service-region', 'vpc-endpoint-id', 'vpc-endpoint-type', 'vpc-id'],
  paths: { 'vpc-endpoint-state': 'State' },
  limits: { min: 1, max: 1000 },
};

function DescribeVpcEndpoints(
  { VpcEndpointIds: ids, ...request }: Input<'DescribeVpcEndpoints'>,
  { cloud }: ActionContext,
): Output<'DescribeVpcEndpoints'> {
  const all = Object.values(cloud.gatewayEndpoints);
  const { items, NextToken } = describeItems(cloud, all, { ids, ...request }, VPC_ENDPOINTS);
  return { VpcEndpoints: items, NextToken };
}

const SERVICES: Description<PrefixList, ServiceDetail> = {
  structure: 'ServiceDetail',
  idOf: ({ name }) => name,
  itemOf: serviceItem,
  notFound: serviceOf,
  filters: ['owner', 'service-name', 'service-region', 'supported-ip-address-types'],
  paths: { 'service-type': 'ServiceType.ServiceType' },
  limits: { min: 1, max: 1000 },
};

function DescribeVpcEndpointServices(
  { ServiceNames: ids, ...request }: Input<'DescribeVpcEndpointServices'>,
  { cloud }: ActionContext,
): Output<'DescribeVpcEndpointServices'> {
  const { items, NextToken } = describeItems(cloud, gatewayServices(cloud), { ids, ...request }, SERVICES);
  return { ServiceNames: items.map(({ ServiceName = '' }) => ServiceName), ServiceDetails: items, NextToken };
}

/** The policy of an endpoint that was created without one. */
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
    // EC2 writes it in small letters, whatever the client's type says.
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
