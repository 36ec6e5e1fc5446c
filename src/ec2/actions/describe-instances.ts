import type { Instance as InstanceItem, InstanceStatus, InstanceStatusSummary, Reservation } from '@aws-sdk/client-ec2';
import { launchOf } from '../../cloud/instances/instance.js';
import type { Instance } from '../../cloud/instances/types.js';
import { byId, getAnyInterface } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { type Description, describeItems } from '../describe.js';
import { refuseMaxResults } from '../pages.js';
import { requestedInstances } from '../requests/instances.js';
import { instanceItem, STATES, stateOf } from '../views/instance.js';

export const describeInstancesActions = { DescribeInstances, DescribeInstanceStatus };

/** An instance with the members of its reservation, which filters look at, too. */
type ReservedInstance = InstanceItem & Pick<Reservation, 'OwnerId' | 'RequesterId' | 'ReservationId'>;

const INSTANCES: Description<Instance, ReservedInstance> = {
  structure: 'Instance',
  idOf: ({ id }) => id,
  itemOf: (cloud, instance) => ({
    ...instanceItem(cloud, instance),
    OwnerId: cloud.accountId,
    ReservationId: launchOf(instance).reservationId,
  }),
  filters: [
    'architecture',
    'client-token',
    'dns-name',
    'hypervisor',
    'iam-instance-profile.arn',
    'image-id',
    'instance-id',
    'instance-lifecycle',
    'instance-type',
    'ip-address',
    'key-name',
    'launch-time',
    'metadata-options.http-tokens',
    'network-interface.association.public-ip',
    'network-interface.attachment.attachment-id',
    'network-interface.attachment.device-index',
    'network-interface.description',
    'network-interface.ipv6-addresses.ipv6-address',
    'network-interface.mac-address',
    'network-interface.network-interface-id',
    'network-interface.owner-id',
    'network-interface.private-dns-name',
    'network-interface.source-dest-check',
    'network-interface.status',
    'network-interface.subnet-id',
    'network-interface.vpc-id',
    'private-dns-name',
    'private-ip-address',
    'root-device-name',
    'root-device-type',
    'source-dest-check',
    'subnet-id',
    'virtualization-type',
    'vpc-id',
  ],
  paths: {
    'availability-zone': 'Placement.AvailabilityZone',
    'group-id': 'SecurityGroups.GroupId',
    'group-name': 'SecurityGroups.GroupName',
    'instance-state-code': 'State.Code',
    'instance-state-name': 'State.Name',
    'instance.group-id': 'SecurityGroups.GroupId',
    'instance.group-name': 'SecurityGroups.GroupName',
    'ipv6-address': 'NetworkInterfaces.Ipv6Addresses.Ipv6Address',
    'launch-index': 'AmiLaunchIndex',
    'monitoring-state': 'Monitoring.State',
    'network-interface.addresses.association.public-ip': 'NetworkInterfaces.PrivateIpAddresses.Association.PublicIp',
    'network-interface.addresses.primary': 'NetworkInterfaces.PrivateIpAddresses.Primary',
    'network-interface.addresses.private-ip-address': 'NetworkInterfaces.PrivateIpAddresses.PrivateIpAddress',
    'network-interface.group-id': 'NetworkInterfaces.Groups.GroupId',
    'network-interface.group-name': 'NetworkInterfaces.Groups.GroupName',
    'owner-id': 'OwnerId',
    'placement-group-name': 'Placement.GroupName',
    'requester-id': 'RequesterId',
    'reservation-id': 'ReservationId',
    'state-reason-code': 'StateReason.Code',
    tenancy: 'Placement.Tenancy',
  },
  values: {
    'network-interface.availability-zone': (cloud, { interfaceIds }) => interfaceIds.map((id) => zoneOf(cloud, id)),
  },
};

function DescribeInstances(
  { InstanceIds: ids = [], ...request }: Input<'DescribeInstances'>,
  context: ActionContext,
): Output<'DescribeInstances'> {
  refuseMaxResults('instancesSet', ids, request);
  const { items, NextToken } = describeItems(context.cloud, requestedInstances(context, ids), request, INSTANCES);
  return { Reservations: reservations(items), NextToken };
}

/** Instances of one request are one reservation. */
function reservations(instances: readonly ReservedInstance[]): Reservation[] {
  const byId = new Map<string, Reservation & { readonly Instances: InstanceItem[] }>();
  for (const { ReservationId = '', OwnerId, ...instance } of instances) {
    const reservation = byId.get(ReservationId) ?? { ReservationId, OwnerId, Groups: [], Instances: [] };
    reservation.Instances.push(instance);
    byId.set(ReservationId, reservation);
  }
  return [...byId.values()];
}

const STATUSES: Description<Instance, InstanceStatus> = {
  structure: 'InstanceStatus',
  idOf: ({ id }) => id,
  itemOf: (cloud, instance) => {
    const [primary] = instance.interfaceIds; // a terminated instance has none
    const summary = summaryOf(cloud, instance);
    return {
      AvailabilityZone: primary === undefined ? undefined : zoneOf(cloud, primary),
      Events: [],
      InstanceId: instance.id,
      InstanceState: stateOf(cloud, instance),
      InstanceStatus: summary,
      SystemStatus: summary,
    };
  },
  filters: ['availability-zone', 'instance-status.status', 'system-status.status'],
  paths: {
    'instance-state-code': 'InstanceState.Code',
    'instance-state-name': 'InstanceState.Name',
    'instance-status.reachability': 'InstanceStatus.Details.Status',
    'system-status.reachability': 'SystemStatus.Details.Status',
  },
};

/** EC2 answers of running instances only, unless the request has `IncludeAllInstances`. */
function DescribeInstanceStatus(
  { InstanceIds: ids = [], IncludeAllInstances, ...request }: Input<'DescribeInstanceStatus'>,
  context: ActionContext,
): Output<'DescribeInstanceStatus'> {
  const { cloud } = context;
  refuseMaxResults('instancesSet', ids, request);
  const asked = requestedInstances(context, ids).filter(
    (instance) => IncludeAllInstances === true || stateOf(cloud, instance) === STATES.running,
  );
  const { items, NextToken } = describeItems(cloud, asked, request, STATUSES);
  return { InstanceStatuses: items, NextToken };
}

function summaryOf(cloud: Cloud, instance: Instance): InstanceStatusSummary {
  if (stateOf(cloud, instance) !== STATES.running) return { Details: [], Status: 'not-applicable' };
  return { Details: [{ Name: 'reachability', Status: 'passed' }], Status: 'ok' };
}

function zoneOf(cloud: Cloud, interfaceId: string): string {
  return byId(cloud.subnets, getAnyInterface(cloud, interfaceId).subnetId).zone;
}
