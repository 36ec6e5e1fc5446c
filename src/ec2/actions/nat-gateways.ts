import type { NatGateway } from '@aws-sdk/client-ec2';
import { createNatGateway, deleteNatGateway, getNatGateway, natGateways } from '../../cloud/gateways/nat-gateway.js';
import type { Instance } from '../../cloud/instances/types.js';
import { createTags } from '../../cloud/tags.js';
import { printable } from '../../cloud/text/quote.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { missingParameter, refuseParameters, unsupported } from '../refusals.js';
import { specifiedTags } from '../requests/tags.js';
import { natGatewayItem } from '../views/gateways.js';

export const natGatewayActions = { CreateNatGateway, DeleteNatGateway, DescribeNatGateways };

const FOREIGN = [
  'SecondaryAllocationIds',
  'SecondaryPrivateIpAddresses',
  'SecondaryPrivateIpAddressCount',
  'AvailabilityMode',
  'AvailabilityZoneAddresses',
] as const;

async function CreateNatGateway(
  request: Input<'CreateNatGateway'>,
  context: ActionContext,
): Promise<Output<'CreateNatGateway'>> {
  refuseParameters(request, FOREIGN);
  const { SubnetId = '', AllocationId, ConnectivityType = 'public', PrivateIpAddress, ClientToken } = request;
  if (ConnectivityType !== 'public') throw unsupported(`NAT gateways of type ${printable(ConnectivityType)}`);
  if (AllocationId === undefined) throw missingParameter('AllocationId');
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
  { NatGatewayId = '' }: Input<'DeleteNatGateway'>,
  context: ActionContext,
): Promise<Output<'DeleteNatGateway'>> {
  await context.change((before) => ({ cloud: deleteNatGateway(before, NatGatewayId) }));
  return { NatGatewayId };
}

const NAT_GATEWAYS: Description<Instance, NatGateway> = {
  structure: 'NatGateway',
  idOf: ({ id }) => id,
  itemOf: natGatewayItem,
  notFound: getNatGateway,
  filters: ['connectivity-type', 'nat-gateway-id', 'state', 'subnet-id', 'vpc-id'],
};

function DescribeNatGateways(
  { NatGatewayIds: ids, Filter: Filters, ...page }: Input<'DescribeNatGateways'>,
  { cloud }: ActionContext,
): Output<'DescribeNatGateways'> {
  const { items, NextToken } = describeItems(cloud, natGateways(cloud), { ids, Filters, ...page }, NAT_GATEWAYS);
  return { NatGateways: items, NextToken };
}
