/** Interfaces that come and go by themselves: made `available`, attached, detached, deleted. */

import { createHash } from 'node:crypto';
import { CloudError } from '../errors.js';
import type { Instance } from '../instances/types.js';
import { allInterfaces, findInstance, getAnyInterface, vpcIdOfInterface, withEntry, withoutEntry } from '../lookup.js';
import { NOTHING_AVOIDED } from '../network/address-book.js';
import { notFound } from '../resources.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';
import { checkConnectionAllowance } from './connection-tracking.js';
import { releaseFrom } from './elastic-ip.js';
import { type InterfaceInput, makeInterface } from './new-interface.js';
import type { IdleInterface, NetworkInterface } from './types.js';

/** CreateNetworkInterface: `available`, with addresses and groups, and nothing that answers. Throws CloudError. */
export function createNetworkInterface(
  cloud: Cloud,
  input: InterfaceInput,
): { cloud: Cloud; networkInterface: IdleInterface } {
  const { cloud: base, body } = makeInterface(
    cloud,
    { kind: 'ec2', avoided: NOTHING_AVOIDED, nitro: null, isOwn: false },
    input,
  );
  const networkInterface: IdleInterface = { ...body, instanceId: null, deviceIndex: null };
  return { cloud: { ...base, idleInterfaces: withEntry(base.idleInterfaces, networkInterface) }, networkInterface };
}

/**
 * AttachNetworkInterface: to a running or stopped instance, as `eth1` and so on. Throws CloudError for one that is in use, for
 * a device index that is taken, and for another VPC.
 */
export function attachNetworkInterface(
  cloud: Cloud,
  interfaceId: string,
  { instanceId, deviceIndex }: { readonly instanceId: string; readonly deviceIndex: number },
): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  if (eni.instanceId !== null) throw inUse(eni);
  const instance = findInstance(cloud, instanceId) ?? notFound('i', instanceId);
  const others = instance.interfaceIds.map((id) => getAnyInterface(cloud, id));
  checkPlace(cloud, { eni, instance, others, deviceIndex });
  const ids = [...others, { ...eni, deviceIndex }].sort((a, b) => (a.deviceIndex ?? 0) - (b.deviceIndex ?? 0));
  const changed = { ...instance, interfaceIds: ids.map(({ id }) => id) };
  const attached = { ...eni, instanceId, deviceIndex };
  if (Object.hasOwn(cloud.stoppedInstances, instanceId)) {
    const idleInterfaces = withEntry(cloud.idleInterfaces, attached);
    return { ...cloud, stoppedInstances: withEntry(cloud.stoppedInstances, changed), idleInterfaces };
  }
  return {
    ...cloud,
    instances: withEntry(cloud.instances, changed),
    networkInterfaces: withEntry(cloud.networkInterfaces, attached),
    idleInterfaces: withoutEntry(cloud.idleInterfaces, eni.id),
  };
}

/** DetachNetworkInterface: it is `available` again. Throws CloudError for a primary interface, and for one that is attached nowhere. */
export function detachNetworkInterface(cloud: Cloud, interfaceId: string): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  const { instanceId } = eni;
  const instance = instanceId === null ? undefined : findInstance(cloud, instanceId);
  if (instance === undefined) {
    throw new CloudError('InvalidAttachmentID.NotFound', `Interface ${eni.id} is not attached to an instance`);
  }
  if (eni.deviceIndex === 0) {
    throw new CloudError(
      'OperationNotPermitted',
      'The network interface at device index 0 cannot be detached.',
      'It is the primary one, and goes with its instance.',
    );
  }
  const changed = { ...instance, interfaceIds: instance.interfaceIds.filter((id) => id !== eni.id) };
  const isStopped = Object.hasOwn(cloud.stoppedInstances, instance.id);
  return {
    ...cloud,
    ...(isStopped
      ? { stoppedInstances: withEntry(cloud.stoppedInstances, changed) }
      : { instances: withEntry(cloud.instances, changed) }),
    networkInterfaces: withoutEntry(cloud.networkInterfaces, eni.id),
    idleInterfaces: withEntry(cloud.idleInterfaces, {
      ...eni,
      instanceId: null,
      deviceIndex: null,
      deleteOnTermination: false,
    }),
  };
}

/** DeleteNetworkInterface: only what is `available`. Throws CloudError. */
export function deleteNetworkInterface(cloud: Cloud, interfaceId: string): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  if (eni.instanceId !== null) {
    throw new CloudError('InvalidParameterValue', `Network interface '${eni.id}' is currently in use.`, DETACH_FIRST);
  }
  const released = releaseFrom(cloud, eni.id);
  return { ...released, idleInterfaces: withoutEntry(released.idleInterfaces, eni.id) };
}

interface DeviceSlot {
  readonly eni: IdleInterface | NetworkInterface;
  readonly instance: Instance;
  readonly others: readonly (IdleInterface | NetworkInterface)[];
  readonly deviceIndex: number;
}

function checkPlace(cloud: Cloud, { eni, instance, others, deviceIndex }: DeviceSlot): void {
  if (!Number.isInteger(deviceIndex) || deviceIndex < 1 || deviceIndex > MAX_DEVICE_INDEX) {
    throw new CloudError(
      'InvalidParameterValue',
      `the device index ${deviceIndex} is out of range`,
      `Write 1 to ${MAX_DEVICE_INDEX}; 0 is the primary interface, which comes with its instance.`,
    );
  }
  if (others.some((other) => other.deviceIndex === deviceIndex)) {
    throw new CloudError(
      'InvalidParameterValue',
      `Instance '${instance.id}' already has an interface attached at device index '${deviceIndex}'.`,
      `${instance.name} has ${others.map((other) => `eth${other.deviceIndex}`).join(', ')}.`,
    );
  }
  const vpcIds = new Set([eni, ...others].map((each) => vpcIdOfInterface(cloud, each)));
  if (vpcIds.size > 1) {
    throw new CloudError(
      'InvalidParameterCombination',
      `interface ${eni.id} and instance ${instance.id} are in different VPCs`,
      `${instance.name} takes interfaces of its own VPC.`,
    );
  }
  checkConnectionAllowance(instance.connectionAllowance, others.length + 1);
}

const DETACH_FIRST = 'Detach it first; a primary interface goes with its instance.';

const MAX_DEVICE_INDEX = 99;

/** AWS's refusal where it would have to be `available`. */
export function inUse({ id }: { readonly id: string }): CloudError {
  return new CloudError('InvalidNetworkInterface.InUse', `Interface: [${id}] in use.`, DETACH_FIRST);
}

/**
 * `eni-attach-` and 17 hexadecimal digits; null for an interface that is `available`. Attachments have no life of their own:
 * the id is made of the interface's and says where it is.
 */
export function attachmentIdOf(eni: IdleInterface | NetworkInterface): string | null {
  if (eni.instanceId === null) return null;
  const place = `${eni.id} ${eni.instanceId} ${eni.deviceIndex}`;
  return `eni-attach-${createHash('sha256').update(place).digest('hex').slice(0, 17)}`;
}

/** The interface that is attached so. Throws AWS's NotFound error. */
export function interfaceOfAttachment(cloud: Cloud, attachmentId: string): IdleInterface | NetworkInterface {
  const eni = allInterfaces(cloud).find((each) => attachmentIdOf(each) === attachmentId);
  if (eni !== undefined) return eni;
  const text = `The attachment '${printable(attachmentId)}' does not exist.`;
  throw new CloudError('InvalidAttachmentID.NotFound', text);
}
