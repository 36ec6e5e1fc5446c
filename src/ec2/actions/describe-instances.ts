import type {
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResult,
  DescribeInstancesRequest,
  DescribeInstancesResult,
  InstanceStatusSummary,
  Reservation,
} from '@aws-sdk/client-ec2';
import { byId } from '../../cloud/by-id.js';
import { launchOf } from '../../cloud/instances/instance.js';
import type { Instance } from '../../cloud/instances/types.js';
import { getAnyInterface } from '../../cloud/lookup.js';
import { tagsOf } from '../../cloud/tags.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { filterItems } from '../filters.js';
import { instanceFilters, statusFilters } from '../instance-filters.js';
import { instancesAsked } from '../instances-asked.js';
import { pageOf } from '../pages.js';
import { instanceItem, STATES, stateOf } from '../views/instance.js';

export const describeInstancesActions = { DescribeInstances, DescribeInstanceStatus };

const LIMITS = { min: 5, max: 1000 };

function DescribeInstances(request: DescribeInstancesRequest, context: ActionContext): DescribeInstancesResult {
  const { cloud } = context;
  checkNotBoth(request);
  const asked = instancesAsked(context, request.InstanceIds);
  const found = filterItems(asked, request.Filters, instanceFilters(cloud), ({ id }) => tagsOf(cloud, id));
  const page = pageOf(found, request, ({ id }) => id, LIMITS);
  return { Reservations: reservations(cloud, page.items), NextToken: page.NextToken };
}

/** Running ones only, unless `IncludeAllInstances`. */
function DescribeInstanceStatus(
  request: DescribeInstanceStatusRequest,
  context: ActionContext,
): DescribeInstanceStatusResult {
  const { cloud } = context;
  checkNotBoth(request);
  const asked = instancesAsked(context, request.InstanceIds).filter((instance) => {
    const state = stateOf(cloud, instance);
    return state === STATES.running || (request.IncludeAllInstances === true && state !== STATES.terminated);
  });
  const found = filterItems(asked, request.Filters, statusFilters(cloud), ({ id }) => tagsOf(cloud, id));
  const page = pageOf(found, request, ({ id }) => id, LIMITS);
  return {
    InstanceStatuses: page.items.map((instance) => {
      const summary = summaryOf(cloud, instance);
      return {
        AvailabilityZone: zoneOf(cloud, instance),
        Events: [],
        InstanceId: instance.id,
        InstanceState: stateOf(cloud, instance),
        InstanceStatus: summary,
        SystemStatus: summary,
      };
    }),
    NextToken: page.NextToken,
  };
}

function summaryOf(cloud: Cloud, instance: Instance): InstanceStatusSummary {
  if (stateOf(cloud, instance) !== STATES.running) return { Details: [], Status: 'not-applicable' };
  return { Details: [{ Name: 'reachability', Status: 'passed' }], Status: 'ok' };
}

function zoneOf(cloud: Cloud, { interfaceIds: [primary = ''] }: Instance): string {
  return byId(cloud.subnets, getAnyInterface(cloud, primary).subnetId).zone;
}

/** Instances of one request are one reservation. */
function reservations(cloud: Cloud, instances: readonly Instance[]): Reservation[] {
  const byReservation = new Map<string, Instance[]>();
  for (const instance of instances) {
    const { reservationId } = launchOf(instance);
    byReservation.set(reservationId, [...(byReservation.get(reservationId) ?? []), instance]);
  }
  return [...byReservation].map(([ReservationId, members]) => ({
    ReservationId,
    OwnerId: cloud.accountId,
    Groups: [],
    Instances: members.map((instance) => instanceItem(cloud, instance)),
  }));
}

function checkNotBoth({
  InstanceIds = [],
  MaxResults,
}: {
  InstanceIds?: string[] | undefined;
  MaxResults?: number | undefined;
}) {
  if (InstanceIds.length === 0 || MaxResults === undefined) return;
  const text = 'The parameter instancesSet cannot be used with the parameter maxResults';
  throw new Ec2Error('InvalidParameterCombination', text);
}
