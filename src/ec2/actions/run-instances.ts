import type { Reservation } from '@aws-sdk/client-ec2';
import { CloudError } from '../../cloud/errors.js';
import { makeId, nextSerial } from '../../cloud/ids.js';
import { type InstanceInterface, isTakenName, runInstance } from '../../cloud/instances/instance.js';
import type { Instance, InstanceLaunch } from '../../cloud/instances/types.js';
import { byId } from '../../cloud/lookup.js';
import { createTags } from '../../cloud/tags.js';
import { isMachineName } from '../../cloud/text/names.js';
import type { Cloud, Tags } from '../../cloud/types.js';
import type { ActionContext, Input } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { checkInstanceLimit } from '../instance-limits.js';
import { instanceType } from '../instance-types.js';
import { assignCounted } from '../requests/interface.js';
import { countsOf, launchOfRequest, type RequestedInterface, requestedInterfaces } from '../requests/run-instances.js';
import { specifiedTags } from '../requests/tags.js';
import { instanceItem, STATES } from '../views/instance.js';

export const runInstancesActions = { RunInstances };

const INSUFFICIENT_ADDRESSES = 'InsufficientFreeAddressesInSubnet';

/** Runs as many instances as there are addresses for, but at least `MinCount`; each can be reached when this returns. */
async function RunInstances(request: Input<'RunInstances'>, context: ActionContext): Promise<Reservation> {
  const { least, most } = countsOf(request);
  const launch = launchOfRequest(request, context.time);
  const tags = specifiedTags(request.TagSpecifications, 'instance', ['network-interface', 'volume']);
  const interfaceTags = specifiedTags(request.TagSpecifications, 'network-interface', ['instance', 'volume']);
  const { cloud, instances, reservationId } = await context.change((before) => {
    checkInstanceLimit(before, most);
    const wanted = requestedInterfaces(before, request);
    if (most > 1) checkRepeatable(wanted);
    const base = nextSerial(before);
    const reservationId = makeId(base, 'r');
    const instances: Instance[] = [];
    let cloud = base;
    while (instances.length < most) {
      try {
        const made = runOne(
          cloud,
          wanted,
          { ...launch, reservationId, index: instances.length },
          { tags, interfaceTags },
        );
        instances.push(made.instance);
        cloud = made.cloud;
      } catch (error) {
        const isEnough = instances.length >= least;
        if (isEnough && error instanceof CloudError && error.code === INSUFFICIENT_ADDRESSES) break;
        throw error;
      }
    }
    return { cloud, instances, reservationId };
  });
  return {
    ReservationId: reservationId,
    OwnerId: cloud.accountId,
    Groups: [],
    Instances: instances.map(({ id }) => ({
      ...instanceItem(cloud, byId(cloud.instances, id)),
      State: STATES.pending,
    })),
  };
}

function runOne(
  cloud: Cloud,
  wanted: readonly [RequestedInterface, ...RequestedInterface[]],
  launch: InstanceLaunch,
  { tags, interfaceTags }: { readonly tags: Tags; readonly interfaceTags: Tags },
): { cloud: Cloud; instance: Instance } {
  const name = labName(cloud, tags);
  const [first, ...others] = wanted;
  const interfaces: [InstanceInterface, ...InstanceInterface[]] = [first.input, ...others.map(({ input }) => input)];
  const { nitro } = instanceType(launch.instanceType);
  const made = runInstance(cloud, { interfaces, launch, nitro, ...(name === null ? {} : { name }) });
  const { instance } = made;
  const counted = wanted.reduce(
    (before, { request }, place) => assignCounted(before, instance.interfaceIds[place] ?? '', request),
    made.cloud,
  );
  const ownIds = instance.interfaceIds.filter(
    (_, place) => wanted[place] !== undefined && !('interfaceId' in wanted[place].input),
  );
  return { cloud: createTags(createTags(counted, [instance.id], tags), ownIds, interfaceTags), instance };
}

/** The tag `Name` is the name in the lab if it can be one and is free; otherwise the id is. */
function labName(cloud: Cloud, { Name }: Tags): string | null {
  return Name !== undefined && isMachineName(Name) && !isTakenName(cloud, Name) ? Name : null;
}

/** Refuses a request for several instances that all would have one address or interface. */
function checkRepeatable(wanted: readonly RequestedInterface[]): void {
  const isUnique = ({ input }: RequestedInterface) => 'interfaceId' in input || input.privateIp !== undefined;
  if (!wanted.some(isUnique)) return;
  const text = 'Network interfaces and private IP addresses can be specified for a single instance only.';
  throw new Ec2Error('InvalidParameterCombination', text);
}
