import type {
  AttachInternetGatewayRequest,
  CreateEgressOnlyInternetGatewayRequest,
  CreateEgressOnlyInternetGatewayResult,
  CreateInternetGatewayRequest,
  CreateInternetGatewayResult,
  DeleteEgressOnlyInternetGatewayRequest,
  DeleteEgressOnlyInternetGatewayResult,
  DeleteInternetGatewayRequest,
  DescribeEgressOnlyInternetGatewaysRequest,
  DescribeEgressOnlyInternetGatewaysResult,
  DescribeInternetGatewaysRequest,
  DescribeInternetGatewaysResult,
  DetachInternetGatewayRequest,
  InternetGateway as InternetGatewayItem,
} from '@aws-sdk/client-ec2';
import {
  attachInternetGateway,
  createEgressOnlyInternetGateway,
  createInternetGateway,
  deleteEgressOnlyInternetGateway,
  deleteInternetGateway,
  detachInternetGateway,
  getInternetGateway,
} from '../../cloud/gateways/internet-gateway.js';
import { createTags } from '../../cloud/tags.js';
import type { ActionContext } from '../action.js';
import { describeItems } from '../describe.js';
import { specifiedTags } from '../tag-specifications.js';
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
  { TagSpecifications }: CreateInternetGatewayRequest,
  context: ActionContext,
): Promise<CreateInternetGatewayResult> {
  const tags = specifiedTags(TagSpecifications, 'internet-gateway');
  const { cloud, gateway } = await context.change((before) => {
    const made = createInternetGateway(before);
    return { ...made, cloud: createTags(made.cloud, [made.gateway.id], tags) };
  });
  return { InternetGateway: internetGatewayItem(cloud, gateway) };
}

async function DeleteInternetGateway(
  { InternetGatewayId = '' }: DeleteInternetGatewayRequest,
  context: ActionContext,
): Promise<object> {
  await context.change((before) => ({ cloud: deleteInternetGateway(before, InternetGatewayId) }));
  return {};
}

async function AttachInternetGateway(
  { InternetGatewayId = '', VpcId = '' }: AttachInternetGatewayRequest,
  context: ActionContext,
): Promise<object> {
  await context.change((before) => ({ cloud: attachInternetGateway(before, InternetGatewayId, VpcId) }));
  return {};
}

async function DetachInternetGateway(
  { InternetGatewayId = '', VpcId = '' }: DetachInternetGatewayRequest,
  context: ActionContext,
): Promise<object> {
  await context.change((before) => ({ cloud: detachInternetGateway(before, InternetGatewayId, VpcId) }));
  return {};
}

function DescribeInternetGateways(
  { InternetGatewayIds, Filters, ...page }: DescribeInternetGatewaysRequest,
  { cloud }: ActionContext,
): DescribeInternetGatewaysResult {
  const attachments = ({ Attachments = [] }: InternetGatewayItem) => Attachments;
  const items = Object.values(cloud.internetGateways).map((gateway) => internetGatewayItem(cloud, gateway));
  const found = describeItems(
    cloud,
    items,
    { ids: InternetGatewayIds, filters: Filters, page },
    {
      idOf: ({ InternetGatewayId = '' }) => InternetGatewayId,
      notFound: (id) => getInternetGateway(cloud, id),
      filters: {
        'attachment.state': (gateway) => attachments(gateway).map(({ State }) => State),
        'attachment.vpc-id': (gateway) => attachments(gateway).map(({ VpcId }) => VpcId),
        'internet-gateway-id': ({ InternetGatewayId }) => [InternetGatewayId],
        'owner-id': ({ OwnerId }) => [OwnerId],
      },
    },
  );
  return { InternetGateways: found.items, NextToken: found.NextToken };
}

async function CreateEgressOnlyInternetGateway(
  { VpcId = '', TagSpecifications, ClientToken }: CreateEgressOnlyInternetGatewayRequest,
  context: ActionContext,
): Promise<CreateEgressOnlyInternetGatewayResult> {
  const tags = specifiedTags(TagSpecifications, 'egress-only-internet-gateway');
  const { cloud, gatewayId } = await context.change((before) => {
    const made = createEgressOnlyInternetGateway(before, VpcId);
    return { ...made, cloud: createTags(made.cloud, [made.gatewayId], tags) };
  });
  return { EgressOnlyInternetGateway: egressOnlyGatewayItem(cloud, VpcId, gatewayId), ClientToken };
}

async function DeleteEgressOnlyInternetGateway(
  { EgressOnlyInternetGatewayId = '' }: DeleteEgressOnlyInternetGatewayRequest,
  context: ActionContext,
): Promise<DeleteEgressOnlyInternetGatewayResult> {
  await context.change((before) => ({ cloud: deleteEgressOnlyInternetGateway(before, EgressOnlyInternetGatewayId) }));
  return { ReturnCode: true };
}

/** EC2 leaves out what is not there instead of an error. */
function DescribeEgressOnlyInternetGateways(
  { EgressOnlyInternetGatewayIds, Filters, ...page }: DescribeEgressOnlyInternetGatewaysRequest,
  { cloud }: ActionContext,
): DescribeEgressOnlyInternetGatewaysResult {
  const items = Object.values(cloud.vpcs).flatMap(({ id, egressOnlyInternetGatewayId }) =>
    egressOnlyInternetGatewayId === null ? [] : [egressOnlyGatewayItem(cloud, id, egressOnlyInternetGatewayId)],
  );
  const found = describeItems(
    cloud,
    items,
    { ids: EgressOnlyInternetGatewayIds, filters: Filters, page },
    {
      idOf: ({ EgressOnlyInternetGatewayId = '' }) => EgressOnlyInternetGatewayId,
      notFound: () => null,
      filters: {},
      limits: { min: 5, max: 255 },
    },
  );
  return { EgressOnlyInternetGateways: found.items, NextToken: found.NextToken };
}
