import type {
  CreateVpcEndpointRequest,
  CreateVpcEndpointResult,
  DeleteVpcEndpointsRequest,
  DeleteVpcEndpointsResult,
  DescribeVpcEndpointServicesRequest,
  DescribeVpcEndpointServicesResult,
  DescribeVpcEndpointsRequest,
  DescribeVpcEndpointsResult,
  ModifyVpcEndpointRequest,
  ModifyVpcEndpointResult,
} from '@aws-sdk/client-ec2';
import { CloudError } from '../../cloud/errors.js';
import {
  createGatewayEndpoint,
  deleteGatewayEndpoint,
  gatewayServices,
  getGatewayEndpoint,
  modifyGatewayEndpoint,
} from '../../cloud/gateways/gateway-endpoint.js';
import type { PrefixList } from '../../cloud/groups/types.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext } from '../action.js';
import { describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { specifiedTags } from '../tag-specifications.js';
import { refuseParameters, unsupported } from '../unsupported.js';
import { serviceItem, vpcEndpointItem } from '../views/vpc-endpoint.js';

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
];

async function CreateVpcEndpoint(
  request: CreateVpcEndpointRequest,
  context: ActionContext,
): Promise<CreateVpcEndpointResult> {
  const { VpcId = '', VpcEndpointType = 'Gateway', ServiceName, PolicyDocument = null, RouteTableIds = [] } = request;
  if (VpcEndpointType !== 'Gateway') {
    throw unsupported(
      `endpoints of type ${printable(VpcEndpointType)} by the API; a lab file can define interface ones`,
    );
  }
  refuseParameters(request, INTERFACE_ONLY);
  if (ServiceName === undefined) {
    throw new Ec2Error('MissingParameter', 'The request must contain the parameter ServiceName');
  }
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
  request: ModifyVpcEndpointRequest,
  context: ActionContext,
): Promise<ModifyVpcEndpointResult> {
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

/** Those that can be deleted are; the answer says what is wrong with the others. */
async function DeleteVpcEndpoints(
  { VpcEndpointIds = [] }: DeleteVpcEndpointsRequest,
  context: ActionContext,
): Promise<DeleteVpcEndpointsResult> {
  const { Unsuccessful } = await context.change((before) => {
    const failed: NonNullable<DeleteVpcEndpointsResult['Unsuccessful']> = [];
    const cloud = VpcEndpointIds.reduce((left, id) => {
      try {
        return deleteGatewayEndpoint(left, id);
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        failed.push({ ResourceId: id, Error: { Code: error.code, Message: error.message } });
        return left;
      }
    }, before);
    return { cloud, Unsuccessful: failed };
  });
  return { Unsuccessful };
}

function serviceOf(cloud: Cloud, name: string): PrefixList {
  const services = gatewayServices(cloud);
  const found = services.find((service) => service.name === name);
  if (found !== undefined) return found;
  throw new Ec2Error('InvalidServiceName', `The Vpc Endpoint Service '${printable(name)}' does not exist`);
}

function DescribeVpcEndpoints(
  { VpcEndpointIds, Filters, ...page }: DescribeVpcEndpointsRequest,
  { cloud }: ActionContext,
): DescribeVpcEndpointsResult {
  const items = Object.values(cloud.gatewayEndpoints).map((endpoint) => vpcEndpointItem(cloud, endpoint));
  const found = describeItems(
    cloud,
    items,
    { ids: VpcEndpointIds, filters: Filters, page },
    {
      idOf: ({ VpcEndpointId = '' }) => VpcEndpointId,
      notFound: (id) => getGatewayEndpoint(cloud, id),
      filters: {
        'service-name': ({ ServiceName }) => [ServiceName],
        'service-region': ({ ServiceRegion }) => [ServiceRegion],
        'vpc-endpoint-id': ({ VpcEndpointId }) => [VpcEndpointId],
        'vpc-endpoint-state': ({ State }) => [State],
        'vpc-endpoint-type': ({ VpcEndpointType }) => [VpcEndpointType],
        'vpc-id': ({ VpcId }) => [VpcId],
      },
      limits: { min: 1, max: 1000 },
    },
  );
  return { VpcEndpoints: found.items, NextToken: found.NextToken };
}

function DescribeVpcEndpointServices(
  { ServiceNames = [], Filters, ...page }: DescribeVpcEndpointServicesRequest,
  { cloud }: ActionContext,
): DescribeVpcEndpointServicesResult {
  const items = gatewayServices(cloud).map((service) => serviceItem(cloud, service));
  const found = describeItems(
    cloud,
    items,
    { ids: ServiceNames, filters: Filters, page },
    {
      idOf: ({ ServiceName = '' }) => ServiceName,
      notFound: (name) => serviceOf(cloud, name),
      filters: {
        owner: ({ Owner }) => [Owner],
        'service-name': ({ ServiceName }) => [ServiceName],
        'service-region': ({ ServiceRegion }) => [ServiceRegion],
        'service-type': ({ ServiceType = [] }) => ServiceType.map((each) => each.ServiceType),
        'supported-ip-address-types': ({ SupportedIpAddressTypes = [] }) => SupportedIpAddressTypes,
      },
      limits: { min: 1, max: 1000 },
    },
  );
  return {
    ServiceNames: found.items.map(({ ServiceName = '' }) => ServiceName),
    ServiceDetails: found.items,
    NextToken: found.NextToken,
  };
}
