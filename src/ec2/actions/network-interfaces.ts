import type { NetworkInterface } from '@aws-sdk/client-ec2';
import {
  attachmentIdOf,
  attachNetworkInterface,
  createNetworkInterface,
  deleteNetworkInterface,
  detachNetworkInterface,
  interfaceOfAttachment,
} from '../../cloud/interfaces/interface-life.js';
import { allInterfaces, getAnyInterface } from '../../cloud/lookup.js';
import { createTags } from '../../cloud/tags.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { Ec2Error } from '../ec2-error.js';
import { refuseMaxResults } from '../pages.js';
import { checkInstanceIds, checkInterfaceIds } from '../refusals.js';
import { assignCounted, interfaceInput } from '../requests/interface.js';
import { specifiedTags } from '../requests/tags.js';
import { type AnyInterface, networkInterfaceItem } from '../views/network-interface.js';

export const networkInterfaceActions = {
  CreateNetworkInterface,
  DeleteNetworkInterface,
  DescribeNetworkInterfaces,
  AttachNetworkInterface,
  DetachNetworkInterface,
};

async function CreateNetworkInterface(
  request: Input<'CreateNetworkInterface'>,
  context: ActionContext,
): Promise<Output<'CreateNetworkInterface'>> {
  const tags = specifiedTags(request.TagSpecifications, 'network-interface');
  const { cloud, networkInterface } = await context.change((before) => {
    checkMemberships(before, request.Groups ?? []);
    const input = interfaceInput(before, request.SubnetId ?? '', request);
    const made = createNetworkInterface(before, input);
    const assigned = assignCounted(made.cloud, made.networkInterface.id, request);
    return { ...made, cloud: createTags(assigned, [made.networkInterface.id], tags) };
  });
  const NetworkInterface = networkInterfaceItem(cloud, getAnyInterface(cloud, networkInterface.id));
  return { NetworkInterface, ClientToken: request.ClientToken };
}

/** CreateNetworkInterface has a text of its own for too many groups (A16). */
function checkMemberships({ quotas, accountId }: Cloud, groupIds: readonly string[]): void {
  const { groupsPerInterface: limit } = quotas;
  if (groupIds.length <= limit) return;
  const text = `user ${accountId} exceeded limit ${limit} on the number of interface security group memberships`;
  throw new Ec2Error('InvalidParameterValue', text);
}

async function DeleteNetworkInterface(
  { NetworkInterfaceId = '' }: Input<'DeleteNetworkInterface'>,
  context: ActionContext,
): Promise<Output<'DeleteNetworkInterface'>> {
  await context.change((before) => ({ cloud: deleteNetworkInterface(before, NetworkInterfaceId) }));
}

const INTERFACES: Description<AnyInterface, NetworkInterface> = {
  structure: 'NetworkInterface',
  idOf: ({ id }) => id,
  itemOf: networkInterfaceItem,
  filters: [
    'association.allocation-id',
    'association.association-id',
    'association.ip-owner-id',
    'association.public-dns-name',
    'association.public-ip',
    'attachment.attachment-id',
    'attachment.delete-on-termination',
    'attachment.device-index',
    'attachment.instance-id',
    'attachment.instance-owner-id',
    'attachment.status',
    'availability-zone',
    'description',
    'interface-type',
    'ipv6-addresses.ipv6-address',
    'mac-address',
    'network-interface-id',
    'owner-id',
    'private-dns-name',
    'private-ip-address',
    'requester-id',
    'requester-managed',
    'source-dest-check',
    'status',
    'subnet-id',
    'vpc-id',
  ],
  paths: {
    'addresses.association.owner-id': 'PrivateIpAddresses.Association.IpOwnerId',
    'addresses.association.public-ip': 'PrivateIpAddresses.Association.PublicIp',
    'addresses.primary': 'PrivateIpAddresses.Primary',
    'addresses.private-ip-address': 'PrivateIpAddresses.PrivateIpAddress',
    'group-id': 'Groups.GroupId',
    'group-name': 'Groups.GroupName',
  },
};

function DescribeNetworkInterfaces(
  { NetworkInterfaceIds: ids = [], ...request }: Input<'DescribeNetworkInterfaces'>,
  { cloud }: ActionContext,
): Output<'DescribeNetworkInterfaces'> {
  checkInterfaceIds(ids);
  refuseMaxResults('networkInterfaceIds', ids, request);
  const named = ids.length === 0 ? allInterfaces(cloud) : [...new Set(ids)].map((id) => getAnyInterface(cloud, id));
  const { items, NextToken } = describeItems(cloud, named, request, INTERFACES);
  return { NetworkInterfaces: items, NextToken };
}

async function AttachNetworkInterface(
  {
    NetworkInterfaceId: id = '',
    InstanceId: instanceId = '',
    DeviceIndex: deviceIndex = 0,
  }: Input<'AttachNetworkInterface'>,
  context: ActionContext,
): Promise<Output<'AttachNetworkInterface'>> {
  checkInterfaceIds([id]);
  checkInstanceIds([instanceId]);
  const { cloud } = await context.change((before) => ({
    cloud: attachNetworkInterface(before, id, { instanceId, deviceIndex }),
  }));
  return { AttachmentId: attachmentIdOf(getAnyInterface(cloud, id)) ?? undefined, NetworkCardIndex: 0 };
}

async function DetachNetworkInterface(
  { AttachmentId = '' }: Input<'DetachNetworkInterface'>,
  context: ActionContext,
): Promise<Output<'DetachNetworkInterface'>> {
  await context.change((before) => ({
    cloud: detachNetworkInterface(before, interfaceOfAttachment(before, AttachmentId).id),
  }));
}
