/** Instances that the API terminated: told of for a while, since whoever waits for their end asks for them. */
import { findById, withEntry } from '../by-id.js';
import { findInstance, notFoundInstance } from '../lookup.js';
import type { Cloud } from '../types.js';
import { terminateInstance } from './instance-life.js';
import type { TerminatedInstance } from './types.js';

/** AWS: "usually for less than an hour". */
const KEPT_FOR_MS = 3_600_000;
const KEPT_AT_MOST = 1000;

/** TerminateInstances: nothing happens to those that are terminated. Throws CloudError for one that there is not. */
export function terminateInstances(cloud: Cloud, ids: readonly string[], time: Date): Cloud {
  const kept = ids.reduce((before, id) => terminateAndKeep(before, id, time), cloud);
  const recent = visibleTerminated(kept, time).slice(-KEPT_AT_MOST);
  return { ...kept, terminatedInstances: Object.fromEntries(recent.map((instance) => [instance.id, instance])) };
}

/** Those that are told of at that time, the first to go first. */
export function visibleTerminated(cloud: Cloud, time: Date): TerminatedInstance[] {
  const since = time.getTime() - KEPT_FOR_MS;
  return Object.values(cloud.terminatedInstances).filter(({ terminatedAt }) => Date.parse(terminatedAt) > since);
}

function terminateAndKeep(cloud: Cloud, id: string, time: Date): Cloud {
  const instance = findInstance(cloud, id);
  if (instance === undefined)
    return findById(cloud.terminatedInstances, id) === undefined ? notFoundInstance(id) : cloud;
  const terminated = { ...instance, interfaceIds: [], listen: [], terminatedAt: time.toISOString() };
  const after = terminateInstance(cloud, id);
  return { ...after, terminatedInstances: withEntry(after.terminatedInstances, terminated) };
}
