import { withEntry } from '../by-id.js';
import type { Cloud } from '../types.js';
import type { Instance } from './types.js';

/** Replaces an instance where it is, among those that run or the stopped ones. */
export function withInstance(cloud: Cloud, changed: Instance): Cloud {
  return Object.hasOwn(cloud.stoppedInstances, changed.id)
    ? { ...cloud, stoppedInstances: withEntry(cloud.stoppedInstances, changed) }
    : { ...cloud, instances: withEntry(cloud.instances, changed) };
}
