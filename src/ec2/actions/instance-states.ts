import type { InstanceStateChange } from '@aws-sdk/client-ec2';
import { launchOf } from '../../cloud/instances/instance.js';
import { startInstance, stopInstance, terminateInstances } from '../../cloud/instances/instance-life.js';
import type { Instance } from '../../cloud/instances/types.js';
import { findInstance } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { checkInstanceLimit } from '../instance-limits.js';
import { requestedInstances } from '../requests/instances.js';
import { STATES, stateOf } from '../views/instance.js';

export const instanceStateActions = { StartInstances, StopInstances, RebootInstances, TerminateInstances };

/** The state in an answer: a real instance needs its time. */
type Transition = 'pending' | 'stopping' | 'shutting-down';

async function StartInstances(
  { InstanceIds = [] }: Input<'StartInstances'>,
  context: ActionContext,
): Promise<Output<'StartInstances'>> {
  const change = (before: Cloud) => {
    checkInstanceLimit(before, InstanceIds.filter((id) => Object.hasOwn(before.stoppedInstances, id)).length);
    return InstanceIds.reduce(startInstance, before);
  };
  return { StartingInstances: await changeStates(context, InstanceIds, 'pending', change) };
}

async function StopInstances(
  { InstanceIds = [] }: Input<'StopInstances'>,
  context: ActionContext,
): Promise<Output<'StopInstances'>> {
  const change = (before: Cloud) => {
    checkAllowed(before, InstanceIds, 'disableApiStop', 'stopped');
    return InstanceIds.reduce(stopInstance, before);
  };
  return { StoppingInstances: await changeStates(context, InstanceIds, 'stopping', change) };
}

/** Either all instances are terminated, or none. */
async function TerminateInstances(
  { InstanceIds = [] }: Input<'TerminateInstances'>,
  context: ActionContext,
): Promise<Output<'TerminateInstances'>> {
  const change = (before: Cloud) => {
    checkAllowed(before, InstanceIds, 'disableApiTermination', 'terminated');
    return terminateInstances(before, InstanceIds, context.time);
  };
  return {
    TerminatingInstances: await changeStates(context, InstanceIds, 'shutting-down', change),
  };
}

/** A reboot changes nothing: programs in an instance are its users', and its addresses stay. */
function RebootInstances(
  { InstanceIds = [] }: Input<'RebootInstances'>,
  context: ActionContext,
): Output<'RebootInstances'> {
  for (const instance of requestedInstances(context, InstanceIds)) {
    if (stateOf(context.cloud, instance) !== STATES.running) throw incorrectState(instance, 'rebooted');
  }
}

async function changeStates(
  context: ActionContext,
  ids: readonly string[],
  transition: Transition,
  change: (before: Cloud) => Cloud,
): Promise<InstanceStateChange[]> {
  const { changes } = await context.change((before) => {
    const asked = requestedInstances({ cloud: before, time: context.time }, ids);
    const ended = asked.find((each) => stateOf(before, each) === STATES.terminated);
    if (ended !== undefined && transition !== 'shutting-down') {
      throw incorrectState(ended, transition === 'pending' ? 'started' : 'stopped');
    }
    const cloud = change(before);
    return { cloud, changes: asked.map((each) => stateChange(before, cloud, each, transition)) };
  });
  return changes;
}

function stateChange(before: Cloud, after: Cloud, instance: Instance, transition: Transition): InstanceStateChange {
  const [previous, current] = [stateOf(before, instance), stateOf(after, instance)];
  return {
    InstanceId: instance.id,
    CurrentState: previous === current ? current : STATES[transition],
    PreviousState: previous,
  };
}

function checkAllowed(
  cloud: Cloud,
  ids: readonly string[],
  protection: 'disableApiStop' | 'disableApiTermination',
  done: string,
): void {
  const instances = ids.flatMap((id) => findInstance(cloud, id) ?? []);
  const kept = instances.find((instance) => launchOf(instance)[protection]);
  if (kept === undefined) return;
  const text = `The instance '${kept.id}' may not be ${done}. Modify its '${protection}' instance attribute and try again.`;
  throw new Ec2Error('OperationNotPermitted', text);
}

function incorrectState({ id }: Instance, wanted: string): Ec2Error {
  const text = `The instance '${id}' is not in a state from which it can be ${wanted}.`;
  return new Ec2Error('IncorrectInstanceState', text);
}
