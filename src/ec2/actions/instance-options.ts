/** These options of an instance change no packet. AWS has an action for each. */
import type { InstanceMonitoring } from '@aws-sdk/client-ec2';
import { launchOf, withLaunch } from '../../cloud/instances/instance.js';
import type { InstanceLaunch } from '../../cloud/instances/types.js';
import { byId } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { instanceType } from '../instance-types.js';
import { requestedInstances } from '../requests/instances.js';
import { flatOption } from '../requests/run-instances.js';
import { instanceItem, STATES, stateOf } from '../views/instance.js';

export const instanceOptionActions = {
  ModifyInstanceMetadataOptions,
  ModifyInstanceCreditSpecification,
  MonitorInstances,
  UnmonitorInstances,
};

async function ModifyInstanceMetadataOptions(
  { InstanceId = '', DryRun: _, ...wanted }: Input<'ModifyInstanceMetadataOptions'>,
  context: ActionContext,
): Promise<Output<'ModifyInstanceMetadataOptions'>> {
  const cloud = await changeLaunches(context, [InstanceId], ({ options }) => ({
    options: { ...options, MetadataOptions: { ...options.MetadataOptions, ...flatOption(wanted) } },
  }));
  const instance = cloud.instances[InstanceId] ?? byId(cloud.stoppedInstances, InstanceId);
  return { InstanceId, InstanceMetadataOptions: instanceItem(cloud, instance).MetadataOptions };
}

/** Instances of a type without CPU credits are listed as unsuccessful. */
async function ModifyInstanceCreditSpecification(
  { InstanceCreditSpecifications: wanted = [] }: Input<'ModifyInstanceCreditSpecification'>,
  context: ActionContext,
): Promise<Output<'ModifyInstanceCreditSpecification'>> {
  const ids = wanted.map(({ InstanceId = '' }) => InstanceId);
  const fit = requestedInstances(context, ids).filter((each) => instanceType(launchOf(each).instanceType).isBurstable);
  const fitIds = ids.filter((id) => fit.some((each) => each.id === id));
  for (const id of fitIds) {
    const CpuCredits = wanted.find(({ InstanceId }) => InstanceId === id)?.CpuCredits ?? 'standard';
    await changeLaunches(context, [id], ({ options }) => ({
      options: { ...options, CreditSpecification: { CpuCredits } },
    }));
  }
  return {
    SuccessfulInstanceCreditSpecifications: fitIds.map((InstanceId) => ({ InstanceId })),
    UnsuccessfulInstanceCreditSpecifications: ids
      .filter((id) => !fitIds.includes(id))
      .map((InstanceId) => ({
        InstanceId,
        Error: { Code: 'InstanceCreditSpecification.NotSupported', Message: 'The instance type has no CPU credits.' },
      })),
  };
}

async function MonitorInstances(
  { InstanceIds = [] }: Input<'MonitorInstances'>,
  context: ActionContext,
): Promise<Output<'MonitorInstances'>> {
  return { InstanceMonitorings: await setMonitoring(context, InstanceIds, true) };
}

async function UnmonitorInstances(
  { InstanceIds = [] }: Input<'UnmonitorInstances'>,
  context: ActionContext,
): Promise<Output<'UnmonitorInstances'>> {
  return { InstanceMonitorings: await setMonitoring(context, InstanceIds, false) };
}

async function setMonitoring(
  context: ActionContext,
  ids: readonly string[],
  monitoring: boolean,
): Promise<InstanceMonitoring[]> {
  await changeLaunches(context, ids, () => ({ monitoring }));
  return ids.map((InstanceId) => ({ InstanceId, Monitoring: { State: monitoring ? 'enabled' : 'disabled' } }));
}

async function changeLaunches(
  context: ActionContext,
  ids: readonly string[],
  change: (launch: InstanceLaunch) => Partial<InstanceLaunch>,
): Promise<Cloud> {
  const { cloud } = await context.change((before) => {
    const instances = requestedInstances({ cloud: before, time: context.time }, ids);
    const ended = instances.find((each) => stateOf(before, each) === STATES.terminated);
    if (ended !== undefined) {
      throw new Ec2Error(
        'IncorrectInstanceState',
        `The instance '${ended.id}' is not in a state from which it can be changed.`,
      );
    }
    return { cloud: instances.reduce((after, each) => withLaunch(after, each, change(launchOf(each))), before) };
  });
  return cloud;
}
