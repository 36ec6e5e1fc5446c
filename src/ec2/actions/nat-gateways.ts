import type {
  CreateNatGatewayRequest,
  CreateNatGatewayResult,
  DeleteNatGatewayRequest,
  DeleteNatGatewayResult,
  DescribeNatGatewaysRequest,
  DescribeNatGatewaysResult,
} from '@aws-sdk/client-ec2';
import { createNatGateway, deleteNatGateway, getNatGateway, natGateways } from '../../cloud/gateways/nat-gateway.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { ActionContext } from '../action.js';
import { describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { specifiedTags } from '../tag-specifications.js';
import { refuseParameters, unsupported } from '../unsupported.js';
import { natGatewayItem } from '../views/gateways.js';

export const natGatewayActions = { CreateNatGateway, DeleteNatGateway, DescribeNatGateways };

const FOREIGN = [
  'SecondaryAllocationIds',
  'SecondaryPrivateIpAddresses',
  'SecondaryPrivateIpAddressCount',
  'AvailabilityMode',
  'AvailabilityZoneAddresses',
];

async function CreateNatGateway(
  request: CreateNatGatewayRequest,
  context: ActionContext,
): Promise<CreateNatGatewayResult> {
  refuseParameters(request, FOREIGN);
  const { SubnetId = '', AllocationId, ConnectivityType = 'public', PrivateIpAddress, ClientToken } = request;
  if (ConnectivityType !== 'public') throw unsupported(`NAT gateways of type ${printable(ConnectivityType)}`);
  if (AllocationId === undefined) {
    throw new Ec2Error('MissingParameter', 'The request must contain the parameter AllocationId');
  }
  const tags = specifiedTags(request.TagSpecifications, 'natgateway');
  const { cloud, gateway } = await context.change((before) => {
    const input = { subnetId: SubnetId, allocationId: AllocationId };
    const made = createNatGateway(
      before,
      PrivateIpAddress === undefined ? input : { ...input, privateIp: PrivateIpAddress },
    );
    return { ...made, cloud: createTags(made.cloud, [made.gateway.id], tags) };
  });
  return { NatGateway: natGatewayItem(cloud, gateway), ClientToken };
}

async function DeleteNatGateway(
  { NatGatewayId = '' }: DeleteNatGatewayRequest,
  context: ActionContext,
): Promise<DeleteNatGatewayResult> {
  await context.change((before) => ({ cloud: deleteNatGateway(before, NatGatewayId) }));
  return { NatGatewayId };
}

function DescribeNatGateways(
  { NatGatewayIds, Filter, ...page }: DescribeNatGatewaysRequest,
  { cloud }: ActionContext,
): DescribeNatGatewaysResult {
  const items = natGateways(cloud).map((gateway) => natGatewayItem(cloud, gateway));
  const found = describeItems(
    cloud,
    items,
    { ids: NatGatewayIds, filters: Filter, page },
    {
      idOf: ({ NatGatewayId = '' }) => NatGatewayId,
      notFound: (id) => getNatGateway(cloud, id),
      filters: {
        'connectivity-type': ({ ConnectivityType }) => [ConnectivityType],
        'nat-gateway-id': ({ NatGatewayId }) => [NatGatewayId],
        state: ({ State }) => [State],
        'subnet-id': ({ SubnetId }) => [SubnetId],
        'vpc-id': ({ VpcId }) => [VpcId],
      },
    },
  );
  return { NatGateways: found.items, NextToken: found.NextToken };
}
