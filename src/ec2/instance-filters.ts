/** Filters of DescribeInstances and DescribeInstanceStatus. */
import type { Instance as InstanceItem } from '@aws-sdk/client-ec2';
import { launchOf } from '../cloud/instances/instance.js';
import type { Instance } from '../cloud/instances/types.js';
import { getAnyInterface } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import type { FilterValues } from './filters.js';
import { instanceItem, stateOf } from './views/instance.js';
import { type AnyInterface, networkInterfaceItem } from './views/network-interface.js';

export function instanceFilters(cloud: Cloud): FilterValues<Instance> {
  const of = (read: (item: InstanceItem) => unknown) => (instance: Instance) => [
    text(read(instanceItem(cloud, instance))),
  ];
  return {
    architecture: of((item) => item.Architecture),
    'availability-zone': of((item) => item.Placement?.AvailabilityZone),
    'client-token': of((item) => item.ClientToken),
    'dns-name': of((item) => item.PublicDnsName),
    'group-id': groupsOf(cloud, 'GroupId'),
    'group-name': groupsOf(cloud, 'GroupName'),
    hypervisor: of((item) => item.Hypervisor),
    'iam-instance-profile.arn': of((item) => item.IamInstanceProfile?.Arn),
    'image-id': of((item) => item.ImageId),
    'instance-id': of((item) => item.InstanceId),
    'instance-lifecycle': () => [],
    'instance-state-code': of((item) => item.State?.Code),
    'instance-state-name': of((item) => item.State?.Name),
    'instance-type': of((item) => item.InstanceType),
    'instance.group-id': groupsOf(cloud, 'GroupId'),
    'instance.group-name': groupsOf(cloud, 'GroupName'),
    'ip-address': of((item) => item.PublicIpAddress),
    'ipv6-address': ofInterfaces(cloud, (eni) => eni.ipv6Addresses),
    'key-name': of((item) => item.KeyName),
    'launch-index': of((item) => item.AmiLaunchIndex),
    'launch-time': of((item) => item.LaunchTime?.toISOString()),
    'metadata-options.http-tokens': of((item) => item.MetadataOptions?.HttpTokens),
    'monitoring-state': of((item) => item.Monitoring?.State),
    'owner-id': () => [cloud.accountId],
    'placement-group-name': of((item) => item.Placement?.GroupName),
    'private-dns-name': of((item) => item.PrivateDnsName),
    'private-ip-address': of((item) => item.PrivateIpAddress),
    'requester-id': () => [],
    'reservation-id': (instance) => [launchOf(instance).reservationId],
    'root-device-name': of((item) => item.RootDeviceName),
    'root-device-type': of((item) => item.RootDeviceType),
    'source-dest-check': of((item) => item.SourceDestCheck),
    'state-reason-code': of((item) => item.StateReason?.Code),
    'subnet-id': of((item) => item.SubnetId),
    tenancy: of((item) => item.Placement?.Tenancy),
    'virtualization-type': of((item) => item.VirtualizationType),
    'vpc-id': of((item) => item.VpcId),
    ...interfaceFilters(cloud),
  };
}

export function statusFilters(cloud: Cloud): FilterValues<Instance> {
  const status = (instance: Instance) => [stateOf(cloud, instance).Name === 'running' ? 'ok' : 'not-applicable'];
  const reachability = (instance: Instance) => (stateOf(cloud, instance).Name === 'running' ? ['passed'] : []);
  const {
    'availability-zone': zone,
    'instance-state-code': code,
    'instance-state-name': name,
  } = instanceFilters(cloud);
  const none = () => [];
  return {
    'availability-zone': zone ?? none,
    'instance-state-code': code ?? none,
    'instance-state-name': name ?? none,
    'instance-status.reachability': reachability,
    'instance-status.status': status,
    'system-status.reachability': reachability,
    'system-status.status': status,
  };
}

function interfaceFilters(cloud: Cloud): FilterValues<Instance> {
  const item = (eni: AnyInterface) => networkInterfaceItem(cloud, eni);
  return {
    'network-interface.addresses.association.public-ip': ofInterfaces(cloud, (eni) => [eni.publicIp]),
    'network-interface.addresses.primary': ofInterfaces(cloud, (eni) =>
      eni.privateIpAddresses.map((_, at) => `${at === 0}`),
    ),
    'network-interface.addresses.private-ip-address': ofInterfaces(cloud, (eni) => eni.privateIpAddresses),
    'network-interface.association.public-ip': ofInterfaces(cloud, (eni) => [eni.publicIp]),
    'network-interface.attachment.attachment-id': ofInterfaces(cloud, (eni) => [item(eni).Attachment?.AttachmentId]),
    'network-interface.attachment.device-index': ofInterfaces(cloud, (eni) => [String(eni.deviceIndex)]),
    'network-interface.availability-zone': ofInterfaces(cloud, (eni) => [item(eni).AvailabilityZone]),
    'network-interface.description': ofInterfaces(cloud, (eni) => [eni.description]),
    'network-interface.group-id': ofInterfaces(cloud, (eni) => eni.groupIds),
    'network-interface.group-name': ofInterfaces(
      cloud,
      (eni) => item(eni).Groups?.map(({ GroupName }) => GroupName) ?? [],
    ),
    'network-interface.ipv6-addresses.ipv6-address': ofInterfaces(cloud, (eni) => eni.ipv6Addresses),
    'network-interface.mac-address': ofInterfaces(cloud, (eni) => [eni.macAddress]),
    'network-interface.network-interface-id': ofInterfaces(cloud, (eni) => [eni.id]),
    'network-interface.owner-id': ofInterfaces(cloud, () => [cloud.accountId]),
    'network-interface.private-dns-name': ofInterfaces(cloud, (eni) => [item(eni).PrivateDnsName]),
    'network-interface.source-dest-check': ofInterfaces(cloud, (eni) => [String(eni.sourceDestCheck)]),
    'network-interface.status': ofInterfaces(cloud, () => ['in-use']),
    'network-interface.subnet-id': ofInterfaces(cloud, (eni) => [eni.subnetId]),
    'network-interface.vpc-id': ofInterfaces(cloud, (eni) => [item(eni).VpcId]),
  };
}

/** The groups of the primary interface are the instance's. */
function groupsOf(cloud: Cloud, member: 'GroupId' | 'GroupName') {
  return (instance: Instance) => instanceItem(cloud, instance).SecurityGroups?.map((group) => group[member]) ?? [];
}

function ofInterfaces(cloud: Cloud, read: (eni: AnyInterface) => readonly (string | null | undefined)[]) {
  return (instance: Instance) => instance.interfaceIds.flatMap((id) => read(getAnyInterface(cloud, id)));
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}
