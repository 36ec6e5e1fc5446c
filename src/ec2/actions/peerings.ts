import type {
  AcceptVpcPeeringConnectionRequest,
  AcceptVpcPeeringConnectionResult,
  CreateVpcPeeringConnectionRequest,
  CreateVpcPeeringConnectionResult,
  DeleteVpcPeeringConnectionRequest,
  DeleteVpcPeeringConnectionResult,
  DescribeVpcPeeringConnectionsRequest,
  DescribeVpcPeeringConnectionsResult,
  ModifyVpcPeeringConnectionOptionsRequest,
  ModifyVpcPeeringConnectionOptionsResult,
  PeeringConnectionOptions,
  PeeringConnectionOptionsRequest,
  RejectVpcPeeringConnectionRequest,
  RejectVpcPeeringConnectionResult,
  VpcPeeringConnection,
  VpcPeeringConnectionVpcInfo,
} from '@aws-sdk/client-ec2';
import { changePeering, createPeering, getPeering, modifyPeering } from '../../cloud/gateways/peering.js';
import type { PeeringStatus } from '../../cloud/gateways/types.js';
import { createTags } from '../../cloud/tags.js';
import type { ActionContext } from '../action.js';
import { describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { specifiedTags } from '../tag-specifications.js';
import { refuseParameters, unsupported } from '../unsupported.js';
import { peeringItem } from '../views/peering.js';

export const peeringActions = {
  CreateVpcPeeringConnection,
  AcceptVpcPeeringConnection,
  RejectVpcPeeringConnection,
  DeleteVpcPeeringConnection,
  DescribeVpcPeeringConnections,
  ModifyVpcPeeringConnectionOptions,
};

async function CreateVpcPeeringConnection(
  request: CreateVpcPeeringConnectionRequest,
  context: ActionContext,
): Promise<CreateVpcPeeringConnectionResult> {
  const { VpcId = '', PeerVpcId, PeerOwnerId, PeerRegion } = request;
  const { region, accountId } = context.cloud;
  if (PeerRegion !== undefined && PeerRegion !== region) throw unsupported('peerings with other Regions');
  if (PeerOwnerId !== undefined && PeerOwnerId !== accountId) throw unsupported('peerings with other accounts');
  if (PeerVpcId === undefined) {
    throw new Ec2Error('MissingParameter', 'The request must contain the parameter peerVpcId');
  }
  const tags = specifiedTags(request.TagSpecifications, 'vpc-peering-connection');
  const { cloud, peering } = await context.change((before) => {
    const input = { requesterVpcId: VpcId, accepterVpcId: PeerVpcId, status: 'pending-acceptance' } as const;
    const made = createPeering(before, input);
    return { ...made, cloud: createTags(made.cloud, [made.peering.id], tags) };
  });
  return { VpcPeeringConnection: peeringItem(cloud, peering) };
}

async function AcceptVpcPeeringConnection(
  { VpcPeeringConnectionId = '' }: AcceptVpcPeeringConnectionRequest,
  context: ActionContext,
): Promise<AcceptVpcPeeringConnectionResult> {
  return { VpcPeeringConnection: await become(context, VpcPeeringConnectionId, 'active', ['pending-acceptance']) };
}

async function RejectVpcPeeringConnection(
  { VpcPeeringConnectionId = '' }: RejectVpcPeeringConnectionRequest,
  context: ActionContext,
): Promise<RejectVpcPeeringConnectionResult> {
  await become(context, VpcPeeringConnectionId, 'rejected', ['pending-acceptance']);
  return { Return: true };
}

async function DeleteVpcPeeringConnection(
  { VpcPeeringConnectionId = '' }: DeleteVpcPeeringConnectionRequest,
  context: ActionContext,
): Promise<DeleteVpcPeeringConnectionResult> {
  await become(context, VpcPeeringConnectionId, 'deleted', ['pending-acceptance', 'active']);
  return { Return: true };
}

async function become(context: ActionContext, id: string, status: PeeringStatus, from: readonly PeeringStatus[]) {
  const { cloud } = await context.change((before) => {
    const peering = getPeering(before, id);
    if (!from.includes(peering.status)) {
      const text = `Invalid state transition for ${id}, attempted to transition from ${peering.status} to ${status}`;
      throw new Ec2Error('InvalidStateTransition', text);
    }
    return { cloud: changePeering(before, id, status) };
  });
  return peeringItem(cloud, getPeering(cloud, id));
}

async function ModifyVpcPeeringConnectionOptions(
  request: ModifyVpcPeeringConnectionOptionsRequest,
  context: ActionContext,
): Promise<ModifyVpcPeeringConnectionOptionsResult> {
  const { VpcPeeringConnectionId = '', RequesterPeeringConnectionOptions, AccepterPeeringConnectionOptions } = request;
  const sides = { requester: RequesterPeeringConnectionOptions, accepter: AccepterPeeringConnectionOptions };
  const given = Object.entries(sides).flatMap(([side, options]) => {
    const allow = dnsOf(options);
    return allow === undefined ? [] : [[side, allow] as const];
  });
  const { peering } = await context.change((before) =>
    modifyPeering(before, VpcPeeringConnectionId, Object.fromEntries(given)),
  );
  const { requester, accepter } = peering.dnsResolution;
  return {
    ...(RequesterPeeringConnectionOptions === undefined
      ? {}
      : { RequesterPeeringConnectionOptions: options(requester) }),
    ...(AccepterPeeringConnectionOptions === undefined ? {} : { AccepterPeeringConnectionOptions: options(accepter) }),
  };
}

function dnsOf(options: PeeringConnectionOptionsRequest | undefined): boolean | undefined {
  if (options === undefined) return undefined;
  refuseParameters(options, [
    'AllowEgressFromLocalClassicLinkToRemoteVpc',
    'AllowEgressFromLocalVpcToRemoteClassicLink',
  ]);
  return options.AllowDnsResolutionFromRemoteVpc;
}

function options(allowDns: boolean): PeeringConnectionOptions {
  return {
    AllowDnsResolutionFromRemoteVpc: allowDns,
    AllowEgressFromLocalClassicLinkToRemoteVpc: false,
    AllowEgressFromLocalVpcToRemoteClassicLink: false,
  };
}

function DescribeVpcPeeringConnections(
  { VpcPeeringConnectionIds, Filters, ...page }: DescribeVpcPeeringConnectionsRequest,
  { cloud }: ActionContext,
): DescribeVpcPeeringConnectionsResult {
  const items = Object.values(cloud.peerings).map((peering) => peeringItem(cloud, peering));
  const found = describeItems(
    cloud,
    items,
    { ids: VpcPeeringConnectionIds, filters: Filters, page },
    {
      idOf: ({ VpcPeeringConnectionId = '' }) => VpcPeeringConnectionId,
      notFound: (id) => getPeering(cloud, id),
      filters: {
        ...sideFilters('requester-vpc-info', ({ RequesterVpcInfo }) => RequesterVpcInfo),
        ...sideFilters('accepter-vpc-info', ({ AccepterVpcInfo }) => AccepterVpcInfo),
        'status-code': ({ Status }) => [Status?.Code],
        'status-message': ({ Status }) => [Status?.Message],
        'vpc-peering-connection-id': ({ VpcPeeringConnectionId }) => [VpcPeeringConnectionId],
      },
    },
  );
  return { VpcPeeringConnections: found.items, NextToken: found.NextToken };
}

function sideFilters(name: string, read: (item: VpcPeeringConnection) => VpcPeeringConnectionVpcInfo | undefined) {
  const values = (member: 'CidrBlock' | 'OwnerId' | 'VpcId') => (item: VpcPeeringConnection) => [read(item)?.[member]];
  return {
    [`${name}.cidr-block`]: values('CidrBlock'),
    [`${name}.owner-id`]: values('OwnerId'),
    [`${name}.vpc-id`]: values('VpcId'),
  };
}
