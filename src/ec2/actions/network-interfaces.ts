import type {
  CreateNetworkInterfaceRequest,
  CreateNetworkInterfaceResult,
  DeleteNetworkInterfaceRequest,
  DescribeNetworkInterfacesRequest,
  DescribeNetworkInterfacesResult,
} from '@aws-sdk/client-ec2';
import {
  attachmentIdOf,
  createNetworkInterface,
  deleteNetworkInterface,
} from '../../cloud/interfaces/interface-life.js';
import { allInterfaces, getAnyInterface } from '../../cloud/lookup.js';
import { createTags, tagsOf } from '../../cloud/tags.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext } from '../action.js';
import { checkInterfaceIds } from '../check-ids.js';
import { Ec2Error } from '../ec2-error.js';
import { type FilterValues, filterItems } from '../filters.js';
import { assignCounted, interfaceInput } from '../interface-request.js';
import { pageOf } from '../pages.js';
import { specifiedTags } from '../tag-specifications.js';
import { type AnyInterface, networkInterfaceItem } from '../views/network-interface.js';

export const networkInterfaceActions = { CreateNetworkInterface, DeleteNetworkInterface, DescribeNetworkInterfaces };

async function CreateNetworkInterface(
  request: CreateNetworkInterfaceRequest,
  context: ActionContext,
): Promise<CreateNetworkInterfaceResult> {
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
  { NetworkInterfaceId = '' }: DeleteNetworkInterfaceRequest,
  context: ActionContext,
): Promise<object> {
  await context.change((before) => ({ cloud: deleteNetworkInterface(before, NetworkInterfaceId) }));
  return {};
}

function DescribeNetworkInterfaces(
  request: DescribeNetworkInterfacesRequest,
  { cloud }: ActionContext,
): DescribeNetworkInterfacesResult {
  const { NetworkInterfaceIds: ids = [], Filters, MaxResults } = request;
  checkInterfaceIds(ids);
  if (ids.length > 0 && MaxResults !== undefined) {
    const text = 'The parameter networkInterfaceIds cannot be used with the parameter maxResults';
    throw new Ec2Error('InvalidParameterCombination', text);
  }
  const named = ids.length === 0 ? allInterfaces(cloud) : [...new Set(ids)].map((id) => getAnyInterface(cloud, id));
  const found = filterItems(named, Filters, filterValues(cloud), ({ id }) => tagsOf(cloud, id));
  const page = pageOf(found, request, ({ id }) => id, { min: 5, max: 1000 });
  return {
    NetworkInterfaces: page.items.map((eni) => networkInterfaceItem(cloud, eni)),
    NextToken: page.NextToken,
  };
}

function filterValues(cloud: Cloud): FilterValues<AnyInterface> {
  const item = (eni: AnyInterface) => networkInterfaceItem(cloud, eni);
  const ofAttached = (read: (eni: AnyInterface) => unknown) => (eni: AnyInterface) =>
    eni.instanceId === null ? [] : [String(read(eni))];
  return {
    'addresses.association.owner-id': (eni) => [item(eni).Association?.IpOwnerId],
    'addresses.association.public-ip': (eni) => [eni.publicIp],
    'addresses.primary': (eni) => eni.privateIpAddresses.map((_, place) => String(place === 0)),
    'addresses.private-ip-address': (eni) => eni.privateIpAddresses,
    'association.allocation-id': (eni) => [item(eni).Association?.AllocationId],
    'association.association-id': (eni) => [item(eni).Association?.AssociationId],
    'association.ip-owner-id': (eni) => [item(eni).Association?.IpOwnerId],
    'association.public-dns-name': (eni) => [item(eni).Association?.PublicDnsName],
    'association.public-ip': (eni) => [eni.publicIp],
    'attachment.attachment-id': (eni) => [attachmentIdOf(eni)],
    'attachment.delete-on-termination': ofAttached((eni) => eni.deleteOnTermination),
    'attachment.device-index': ofAttached((eni) => eni.deviceIndex),
    'attachment.instance-id': (eni) => [item(eni).Attachment?.InstanceId],
    'attachment.instance-owner-id': (eni) => [item(eni).Attachment?.InstanceOwnerId],
    'attachment.status': ofAttached(() => 'attached'),
    'availability-zone': (eni) => [item(eni).AvailabilityZone],
    description: (eni) => [eni.description],
    'group-id': (eni) => eni.groupIds,
    'group-name': (eni) => item(eni).Groups?.map(({ GroupName }) => GroupName) ?? [],
    'interface-type': (eni) => [item(eni).InterfaceType],
    'ipv6-addresses.ipv6-address': (eni) => eni.ipv6Addresses,
    'mac-address': (eni) => [eni.macAddress],
    'network-interface-id': (eni) => [eni.id],
    'owner-id': () => [cloud.accountId],
    'private-dns-name': (eni) => [item(eni).PrivateDnsName],
    'private-ip-address': (eni) => eni.privateIpAddresses.slice(0, 1),
    'requester-id': () => [],
    'requester-managed': (eni) => [String(item(eni).RequesterManaged)],
    'source-dest-check': (eni) => [String(eni.sourceDestCheck)],
    status: (eni) => [item(eni).Status],
    'subnet-id': (eni) => [eni.subnetId],
    'vpc-id': (eni) => [item(eni).VpcId],
  };
}
