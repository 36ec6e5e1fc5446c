import type { EgressOnlyInternetGateway, InternetGateway as InternetGatewayItem } from '@aws-sdk/client-ec2';
import {
  attachInternetGateway,
  createEgressOnlyInternetGateway,
  createInternetGateway,
  deleteEgressOnlyInternetGateway,
  deleteInternetGateway,
  detachInternetGateway,
  getInternetGateway,
} from '../../cloud/gateways/internet-gateway.js';
import type { InternetGateway } from '../../cloud/gateways/types.js';
import { createTags } from '../../cloud/tags.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { specifiedTags } from '../requests/tags.js';
import { egressOnlyGatewayItem, internetGatewayItem } from '../views/gateways.js';

export const internetGatewayActions = {
  CreateInternetGateway,
  DeleteInternetGateway,
  DescribeInternetGateways,
  AttachInternetGateway,
  DetachInternetGateway,
  CreateEgressOnlyInternetGateway,
  DeleteEgressOnlyInternetGateway,
  DescribeEgressOnlyInternetGateways,
};

async function CreateInternetGateway(
  { TagSpecifications }: Input<'CreateInternetGateway'>,
  context: ActionContext,
): Promise<Output<'CreateInternetGateway'>> {
  const tags = specifiedTags(TagSpecifications, 'internet-gateway');
  const { cloud, gateway } = await context.change((before) => {
    const made = createInternetGateway(before);
    return { ...made, cloud: createTags(made.cloud, [made.gateway.id], tags) };
  });
  return { InternetGateway: internetGatewayItem(cloud, gateway) };
}

async function DeleteInternetGateway(
  { InternetGatewayId = '' }: Input<'DeleteInternetGateway'>,
  context: ActionContext,
): Promise<Output<'DeleteInternetGateway'>> {
  await context.change((before) => ({ cloud: deleteInternetGateway(before, InternetGatewayId) }));
}

async function AttachInternetGateway(
  { InternetGatewayId = '', VpcId = '' }: Input<'AttachInternetGateway'>,
  context: ActionContext,
): Promise<Output<'AttachInternetGateway'>> {
  await context.change((before) => ({ cloud: attachInternetGateway(before, InternetGatewayId, VpcId) }));
}

async function DetachInternetGateway(
  { InternetGatewayId = '', VpcId = '' }: Input<'DetachInternetGateway'>,
  context: ActionContext,
): Promise<Output<'DetachInternetGateway'>> {
  await context.change((before) => ({ cloud: detachInternetGateway(before, InternetGatewayId, VpcId) }));
}

const INTERNET_GATEWAYS: Description<InternetGateway, InternetGatewayItem> = {
  structure: 'InternetGateway',
  idOf: ({ id }) => id,
  itemOf: internetGatewayItem,
  notFound: getInternetGateway,
  filters: ['attachment.state', 'attachment.vpc-id', 'internet-gateway-id', 'owner-id'],
};

function DescribeInternetGateways(
  { InternetGatewayIds: ids, ...request }: Input<'DescribeInternetGateways'>,
  { cloud }: ActionContext,
): Output<'DescribeInternetGateways'> {
  const all = Object.values(cloud.internetGateways);
  const { items, NextToken } = describeItems(cloud, all, { ids, ...request }, INTERNET_GATEWAYS);
  return { InternetGateways: items, NextToken };
}

async function CreateEgressOnlyInternetGateway(
  { VpcId = '', TagSpecifications, ClientToken }: Input<'CreateEgressOnlyInternetGateway'>,
  context: ActionContext,
): Promise<Output<'CreateEgressOnlyInternetGateway'>> {
  const tags = specifiedTags(TagSpecifications, 'egress-only-internet-gateway');
  const { cloud, gatewayId } = await context.change((before) => {
    const made = createEgressOnlyInternetGateway(before, VpcId);
    return { ...made, cloud: createTags(made.cloud, [made.gatewayId], tags) };
  });
  return { EgressOnlyInternetGateway: egressOnlyGatewayItem(cloud, VpcId, gatewayId), ClientToken };
}

async function DeleteEgressOnlyInternetGateway(
  { EgressOnlyInternetGatewayId = '' }: Input<'DeleteEgressOnlyInternetGateway'>,
  context: ActionContext,
): Promise<Output<'DeleteEgressOnlyInternetGateway'>> {
  await context.change((before) => ({ cloud: deleteEgressOnlyInternetGateway(before, EgressOnlyInternetGatewayId) }));
  return { ReturnCode: true };
}

/** EC2 leaves out an id that is not there, without an error. */
const EGRESS_ONLY_GATEWAYS: Description<EgressOnlyInternetGateway, EgressOnlyInternetGateway> = {
  structure: 'EgressOnlyInternetGateway',
  idOf: ({ EgressOnlyInternetGatewayId = '' }) => EgressOnlyInternetGatewayId,
  itemOf: (_cloud, gateway) => gateway,
  filters: [],
  limits: { min: 5, max: 255 },
};

function DescribeEgressOnlyInternetGateways(
  { EgressOnlyInternetGatewayIds: ids, ...request }: Input<'DescribeEgressOnlyInternetGateways'>,
  { cloud }: ActionContext,
): Output<'DescribeEgressOnlyInternetGateways'> {
  const all = Object.values(cloud.vpcs).flatMap(({ id, egressOnlyInternetGatewayId }) =>
    egressOnlyInternetGatewayId === null ? [] : [egressOnlyGatewayItem(cloud, id, egressOnlyInternetGatewayId)],
  );
  const { items, NextToken } = describeItems(cloud, all, { ids, ...request }, EGRESS_ONLY_GATEWAYS);
  return { EgressOnlyInternetGateways: items, NextToken };
}
