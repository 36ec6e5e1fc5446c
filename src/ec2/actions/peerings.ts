import type {
  PeeringConnectionOptions,
  PeeringConnectionOptionsRequest,
  VpcPeeringConnection,
  VpcPeeringConnectionVpcInfo,
} from '@aws-sdk/client-ec2';
import { changePeering, createPeering, getPeering, modifyPeering } from '../../cloud/gateways/peering.js';
import type { Peering, PeeringStatus } from '../../cloud/gateways/types.js';
import { byId } from '../../cloud/lookup.js';
import { createTags } from '../../cloud/tags.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { missingParameter, refuseParameters, unsupported } from '../refusals.js';
import { specifiedTags } from '../requests/tags.js';
import { tagList } from '../views/common.js';

export const peeringActions = {
  CreateVpcPeeringConnection,
  AcceptVpcPeeringConnection,
  RejectVpcPeeringConnection,
  DeleteVpcPeeringConnection,
  DescribeVpcPeeringConnections,
  ModifyVpcPeeringConnectionOptions,
};

async function CreateVpcPeeringConnection(
  request: Input<'CreateVpcPeeringConnection'>,
  context: ActionContext,
): Promise<Output<'CreateVpcPeeringConnection'>> {
  const { VpcId = '', PeerVpcId, PeerOwnerId, PeerRegion } = request;
  const { region, accountId } = context.cloud;
  if (PeerRegion !== undefined && PeerRegion !== region) throw unsupported('peerings with other Regions');
  if (PeerOwnerId !== undefined && PeerOwnerId !== accountId) throw unsupported('peerings with other accounts');
  if (PeerVpcId === undefined) throw missingParameter('peerVpcId');
  const tags = specifiedTags(request.TagSpecifications, 'vpc-peering-connection');
  const { cloud, peering } = await context.change((before) => {
    const input = { requesterVpcId: VpcId, accepterVpcId: PeerVpcId, status: 'pending-acceptance' } as const;
    const made = createPeering(before, input);
    return { ...made, cloud: createTags(made.cloud, [made.peering.id], tags) };
  });
  // The answer comes before AWS has found the other side.
  const Status = { Code: 'initiating-request', Message: `Initiating Request to ${cloud.accountId}` } as const;
  return { VpcPeeringConnection: { ...peeringItem(cloud, peering), Status } };
}

async function AcceptVpcPeeringConnection(
  { VpcPeeringConnectionId = '' }: Input<'AcceptVpcPeeringConnection'>,
  context: ActionContext,
): Promise<Output<'AcceptVpcPeeringConnection'>> {
  return { VpcPeeringConnection: await become(context, VpcPeeringConnectionId, 'active', ['pending-acceptance']) };
}

async function RejectVpcPeeringConnection(
  { VpcPeeringConnectionId = '' }: Input<'RejectVpcPeeringConnection'>,
  context: ActionContext,
): Promise<Output<'RejectVpcPeeringConnection'>> {
  await become(context, VpcPeeringConnectionId, 'rejected', ['pending-acceptance']);
  return { Return: true };
}

async function DeleteVpcPeeringConnection(
  { VpcPeeringConnectionId = '' }: Input<'DeleteVpcPeeringConnection'>,
  context: ActionContext,
): Promise<Output<'DeleteVpcPeeringConnection'>> {
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
  request: Input<'ModifyVpcPeeringConnectionOptions'>,
  context: ActionContext,
): Promise<Output<'ModifyVpcPeeringConnectionOptions'>> {
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

const PEERINGS: Description<Peering, VpcPeeringConnection> = {
  structure: 'VpcPeeringConnection',
  idOf: ({ id }) => id,
  itemOf: peeringItem,
  notFound: getPeering,
  filters: [
    'accepter-vpc-info.cidr-block',
    'accepter-vpc-info.owner-id',
    'accepter-vpc-info.vpc-id',
    'requester-vpc-info.cidr-block',
    'requester-vpc-info.owner-id',
    'requester-vpc-info.vpc-id',
    'vpc-peering-connection-id',
  ],
  paths: { 'status-code': 'Status.Code', 'status-message': 'Status.Message' },
};

function DescribeVpcPeeringConnections(
  { VpcPeeringConnectionIds: ids, ...request }: Input<'DescribeVpcPeeringConnections'>,
  { cloud }: ActionContext,
): Output<'DescribeVpcPeeringConnections'> {
  const { items, NextToken } = describeItems(cloud, Object.values(cloud.peerings), { ids, ...request }, PEERINGS);
  return { VpcPeeringConnections: items, NextToken };
}

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
    PeeringOptions: options(allowDns),
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
