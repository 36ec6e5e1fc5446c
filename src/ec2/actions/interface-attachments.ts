import type {
  AttachNetworkInterfaceRequest,
  AttachNetworkInterfaceResult,
  DetachNetworkInterfaceRequest,
} from '@aws-sdk/client-ec2';
import {
  attachmentIdOf,
  attachNetworkInterface,
  detachNetworkInterface,
  interfaceOfAttachment,
} from '../../cloud/interfaces/interface-life.js';
import { getAnyInterface } from '../../cloud/lookup.js';
import type { ActionContext } from '../action.js';
import { checkInstanceIds, checkInterfaceIds } from '../check-ids.js';

export const interfaceAttachmentActions = { AttachNetworkInterface, DetachNetworkInterface };

async function AttachNetworkInterface(
  {
    NetworkInterfaceId: id = '',
    InstanceId: instanceId = '',
    DeviceIndex: deviceIndex = 0,
  }: AttachNetworkInterfaceRequest,
  context: ActionContext,
): Promise<AttachNetworkInterfaceResult> {
  checkInterfaceIds([id]);
  checkInstanceIds([instanceId]);
  const { cloud } = await context.change((before) => ({
    cloud: attachNetworkInterface(before, id, { instanceId, deviceIndex }),
  }));
  return { AttachmentId: attachmentIdOf(getAnyInterface(cloud, id)) ?? undefined, NetworkCardIndex: 0 };
}

async function DetachNetworkInterface(
  { AttachmentId = '' }: DetachNetworkInterfaceRequest,
  context: ActionContext,
): Promise<object> {
  await context.change((before) => ({
    cloud: detachNetworkInterface(before, interfaceOfAttachment(before, AttachmentId).id),
  }));
  return {};
}
