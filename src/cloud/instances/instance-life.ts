/** The life of an instance after it was run: stopped, started, terminated. */

import { CloudError } from '../errors.js';
import { elasticIpOf, releaseFrom } from '../interfaces/elastic-ip.js';
import type { IdleInterface, InterfaceBody, NetworkInterface } from '../interfaces/types.js';
import { byId, findById, findInstance, getAnyInterface, interfacesOf, withEntry, withoutEntry } from '../lookup.js';
import { NOTHING_AVOIDED } from '../network/address-book.js';
import { nextPublicIp } from '../network/internet-address.js';
import { notFound } from '../resources.js';
import type { Cloud } from '../types.js';
import type { Instance, TerminatedInstance } from './types.js';

/**
 * StopInstances: nothing answers there any more; private and elastic addresses stay, a public address of AWS's pool goes.
 * Throws CloudError for what is no instance of EC2; nothing happens to one that is stopped.
 */
export function stopInstance(cloud: Cloud, instanceId: string): Cloud {
  const instance = getEc2Instance(cloud, instanceId);
  if (Object.hasOwn(cloud.stoppedInstances, instance.id)) return cloud;
  const interfaces = interfacesOf(cloud, instance).map((eni) => withoutPoolAddress(cloud, eni));
  return {
    ...cloud,
    instances: withoutEntry(cloud.instances, instance.id),
    networkInterfaces: without(cloud.networkInterfaces, interfaces),
    stoppedInstances: withEntry(cloud.stoppedInstances, instance),
    idleInterfaces: interfaces.reduce(withEntry<IdleInterface>, cloud.idleInterfaces),
  };
}

/** StartInstances. Nothing happens to one that runs. A public address of AWS's pool that it had does not come back: it gets another one. */
export function startInstance(cloud: Cloud, instanceId: string): Cloud {
  const instance = getEc2Instance(cloud, instanceId);
  if (Object.hasOwn(cloud.instances, instance.id)) return cloud;
  const given: string[] = [];
  const interfaces = instance.interfaceIds.map((id, position): NetworkInterface => {
    const eni = byId(cloud.idleInterfaces, id);
    const publicIp = eni.publicIp ?? (eni.poolAddress ? nextPublicIp(cloud, { ...NOTHING_AVOIDED, own: given }) : null);
    if (publicIp !== null) given.push(publicIp);
    return { ...eni, publicIp, instanceId: instance.id, deviceIndex: eni.deviceIndex ?? position };
  });
  return {
    ...cloud,
    instances: withEntry(cloud.instances, instance),
    networkInterfaces: interfaces.reduce(withEntry<NetworkInterface>, cloud.networkInterfaces),
    stoppedInstances: withoutEntry(cloud.stoppedInstances, instance.id),
    idleInterfaces: without(cloud.idleInterfaces, interfaces),
  };
}

/**
 * TerminateInstances, and the end of everything else that is a machine (NAT gateways, endpoints, load balancers). Its interfaces
 * go with it, apart from those that were attached later: these are `available` again. Routes that led to it are blackholes.
 */
export function terminateInstance(cloud: Cloud, instanceId: string): Cloud {
  const instance = findInstance(cloud, instanceId) ?? notFound('i', instanceId);
  const interfaces = instance.interfaceIds.map((id) => getAnyInterface(cloud, id));
  const going = interfaces.filter(({ deleteOnTermination }) => deleteOnTermination);
  const staying = interfaces
    .filter((eni) => !going.includes(eni))
    .map((eni): IdleInterface => ({ ...withoutPoolAddress(cloud, eni), instanceId: null, deviceIndex: null }));
  const freed = going.reduce((before, { id }) => releaseFrom(before, id), cloud);
  return {
    ...freed,
    instances: withoutEntry(freed.instances, instance.id),
    stoppedInstances: withoutEntry(freed.stoppedInstances, instance.id),
    networkInterfaces: without(freed.networkInterfaces, interfaces),
    idleInterfaces: staying.reduce(withEntry<IdleInterface>, without(freed.idleInterfaces, interfaces)),
  };
}

/** A pool address goes back to the pool with the instance; an elastic address stays. */
function withoutPoolAddress<T extends InterfaceBody>(cloud: Cloud, eni: T): T {
  return elasticIpOf(cloud, eni.id) === undefined ? { ...eni, publicIp: null } : eni;
}

function getEc2Instance(cloud: Cloud, id: string): Instance {
  const instance = findInstance(cloud, id) ?? notFound('i', id);
  if (instance.kind === 'ec2') return instance;
  throw new CloudError(
    'UnsupportedOperation',
    `${instance.name} is not an EC2 instance: AWS runs it`,
    'Delete it instead.',
  );
}

function without<T>(
  record: Readonly<Record<string, T>>,
  gone: readonly { readonly id: string }[],
): Readonly<Record<string, T>> {
  return gone.reduce((rest, { id }) => withoutEntry(rest, id), record);
}

/** Terminated instances are described for a while, since clients wait for their end: AWS says "usually for less than an hour". */
const KEPT_FOR_MS = 3_600_000;
const KEPT_AT_MOST = 1000;

/** TerminateInstances: nothing happens to those that are terminated. Throws CloudError for one that there is not. */
export function terminateInstances(cloud: Cloud, ids: readonly string[], time: Date): Cloud {
  const kept = ids.reduce((before, id) => terminateAndKeep(before, id, time), cloud);
  return forgetTerminated(kept, time);
}

/** Those that are described no longer leave, and the oldest of too many. The same cloud where there are none. */
export function forgetTerminated(cloud: Cloud, time: Date): Cloud {
  const recent = visibleTerminated(cloud, time).slice(-KEPT_AT_MOST);
  if (recent.length === Object.keys(cloud.terminatedInstances).length) return cloud;
  return { ...cloud, terminatedInstances: Object.fromEntries(recent.map((instance) => [instance.id, instance])) };
}

/** The terminated instances that are still described at that time, the first to go first. */
export function visibleTerminated(cloud: Cloud, time: Date): TerminatedInstance[] {
  const since = time.getTime() - KEPT_FOR_MS;
  return Object.values(cloud.terminatedInstances).filter(({ terminatedAt }) => Date.parse(terminatedAt) > since);
}

function terminateAndKeep(cloud: Cloud, id: string, time: Date): Cloud {
  const instance = findInstance(cloud, id);
  if (instance === undefined) return findById(cloud.terminatedInstances, id) === undefined ? notFound('i', id) : cloud;
  const terminated = { ...instance, interfaceIds: [], listen: [], terminatedAt: time.toISOString() };
  const after = terminateInstance(cloud, id);
  return { ...after, terminatedInstances: withEntry(after.terminatedInstances, terminated) };
}
