import type { InstanceAttribute } from '@aws-sdk/client-ec2';
import { launchOf, withLaunch } from '../../cloud/instances/instance.js';
import type { Instance, InstanceLaunch } from '../../cloud/instances/types.js';
import { setInterfaceGroups, setSourceDestCheck } from '../../cloud/interfaces/interface-attributes.js';
import { printable } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { instanceType } from '../instance-types.js';
import { unknownAttribute } from '../refusals.js';
import { requestedInstances } from '../requests/instances.js';
import { checkUserData } from '../requests/run-instances.js';
import { instanceItem, STATES, stateOf } from '../views/instance.js';

export const instanceAttributeActions = { DescribeInstanceAttribute, ModifyInstanceAttribute };

function DescribeInstanceAttribute(
  { InstanceId: id = '', Attribute }: Input<'DescribeInstanceAttribute'>,
  context: ActionContext,
): InstanceAttribute {
  const instance = oneInstance(context, id);
  const launch = launchOf(instance);
  const item = instanceItem(context.cloud, instance);
  const InstanceId = instance.id;
  switch (Attribute) {
    case 'disableApiStop':
      return { InstanceId, DisableApiStop: { Value: launch.disableApiStop } };
    case 'disableApiTermination':
      return { InstanceId, DisableApiTermination: { Value: launch.disableApiTermination } };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceId, InstanceInitiatedShutdownBehavior: { Value: launch.instanceInitiatedShutdownBehavior } };
    case 'userData':
      return { InstanceId, UserData: { Value: launch.userData ?? undefined } };
    case 'instanceType':
      return { InstanceId, InstanceType: { Value: launch.instanceType } };
    case 'groupSet':
      return { InstanceId, Groups: item.SecurityGroups };
    case 'sourceDestCheck':
      return { InstanceId, SourceDestCheck: { Value: item.SourceDestCheck } };
    case 'ebsOptimized':
      return { InstanceId, EbsOptimized: { Value: launch.ebsOptimized } };
    case 'enaSupport':
      return { InstanceId, EnaSupport: { Value: true } };
    case 'enclaveOptions':
      return { InstanceId, EnclaveOptions: item.EnclaveOptions };
    case 'rootDeviceName':
      return { InstanceId, RootDeviceName: { Value: item.RootDeviceName } };
    case 'blockDeviceMapping':
      return { InstanceId, BlockDeviceMappings: [] };
    case 'productCodes':
      return { InstanceId, ProductCodes: [] };
    case 'kernel':
      return { InstanceId, KernelId: {} };
    case 'ramdisk':
      return { InstanceId, RamdiskId: {} };
    case 'sriovNetSupport':
      return { InstanceId, SriovNetSupport: {} };
    default:
      throw unknownAttribute(Attribute);
  }
}

/** All attributes that a request names are changed at once. Its groups are for the primary interface only (A24). */
async function ModifyInstanceAttribute(
  given: Input<'ModifyInstanceAttribute'>,
  context: ActionContext,
): Promise<Output<'ModifyInstanceAttribute'>> {
  const request = { ...given, ...byName(given) };
  const remembered = rememberedOf(request);
  const needsStop = Object.keys(remembered).some((key) => ONLY_STOPPED.includes(key));
  await context.change((before) => {
    const instance = oneInstance({ cloud: before, time: context.time }, request.InstanceId ?? '');
    const state = stateOf(before, instance);
    if (state === STATES.terminated || (needsStop && state !== STATES.stopped)) {
      throw new Ec2Error('IncorrectInstanceState', `The instance '${instance.id}' is not in the 'stopped' state.`);
    }
    const after = changeInterfaces(before, instance, request);
    return { cloud: Object.keys(remembered).length === 0 ? after : withLaunch(after, instance, remembered) };
  });
}

const ONLY_STOPPED: readonly string[] = ['instanceType', 'userData', 'ebsOptimized'] satisfies (keyof InstanceLaunch)[];

function rememberedOf(request: Input<'ModifyInstanceAttribute'>): Partial<InstanceLaunch> {
  const { DisableApiStop, DisableApiTermination, EbsOptimized, InstanceInitiatedShutdownBehavior: behavior } = request;
  const { InstanceType: type, UserData } = request;
  if (behavior?.Value !== undefined && !['stop', 'terminate'].includes(behavior.Value)) {
    const text = `Value (${printable(behavior.Value)}) for parameter instanceInitiatedShutdownBehavior is invalid.`;
    throw new Ec2Error('InvalidParameterValue', text);
  }
  return {
    ...(DisableApiStop?.Value === undefined ? {} : { disableApiStop: DisableApiStop.Value }),
    ...(DisableApiTermination?.Value === undefined ? {} : { disableApiTermination: DisableApiTermination.Value }),
    ...(EbsOptimized?.Value === undefined ? {} : { ebsOptimized: EbsOptimized.Value }),
    ...(behavior?.Value === undefined ? {} : { instanceInitiatedShutdownBehavior: behavior.Value }),
    ...(type?.Value === undefined ? {} : { instanceType: instanceType(type.Value).name }),
    // The API model reads a blob as its Base64 text.
    ...(UserData?.Value === undefined ? {} : { userData: checkUserData(String(UserData.Value)) || null }),
  };
}

function changeInterfaces(
  cloud: Cloud,
  { id, interfaceIds }: Instance,
  { Groups, SourceDestCheck }: Input<'ModifyInstanceAttribute'>,
): Cloud {
  const [primary = ''] = interfaceIds;
  const after = Groups === undefined ? cloud : setInterfaceGroups(cloud, primary, Groups);
  const checked = SourceDestCheck?.Value;
  if (checked === undefined) return after;
  if (interfaceIds.length > 1) {
    const text = `There are multiple interfaces attached to instance '${id}'. Please specify an interface ID for the operation instead.`;
    throw new Ec2Error('InvalidInstanceID', text);
  }
  return setSourceDestCheck(after, primary, checked);
}

/** In the older form `Attribute` names the attribute, and `Value` is its text. */
function byName({ Attribute, Value }: Input<'ModifyInstanceAttribute'>): Partial<Input<'ModifyInstanceAttribute'>> {
  if (Attribute === undefined) return {};
  const flag = { Value: Value?.toLowerCase() === 'true' };
  switch (Attribute) {
    case 'disableApiStop':
      return { DisableApiStop: flag };
    case 'disableApiTermination':
      return { DisableApiTermination: flag };
    case 'ebsOptimized':
      return { EbsOptimized: flag };
    case 'sourceDestCheck':
      return { SourceDestCheck: flag };
    case 'instanceInitiatedShutdownBehavior':
      return { InstanceInitiatedShutdownBehavior: { Value } };
    case 'instanceType':
      return { InstanceType: { Value } };
    default:
      throw unknownAttribute(Attribute);
  }
}

function oneInstance(context: Pick<ActionContext, 'cloud' | 'time'>, id: string): Instance {
  const [instance] = requestedInstances(context, [id]);
  if (instance === undefined) throw new Error('instancesAsked leaves out no id');
  return instance;
}
