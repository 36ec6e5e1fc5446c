import {
  attachmentIdOf,
  attachNetworkInterface,
  detachNetworkInterface,
  interfaceOfAttachment,
} from '../../cloud/interfaces/interface-life.js';
import { getAnyInterface } from '../../cloud/lookup.js';
import type { ActionContext, Input, Output } from '../action.js';
import { checkInstanceIds, checkInterfaceIds } from '../refusals.js';

export const interfaceAttachmentActions = { AttachNetworkInterface, DetachNetworkInterface };

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
