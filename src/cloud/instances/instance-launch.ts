import type { Cloud } from '../types.js';
import type { Instance, InstanceLaunch } from './types.js';
import { withInstance } from './with-instance.js';

/** What is told of an instance that the API did not run. */
const NOT_RUN_BY_THE_API: Omit<InstanceLaunch, 'reservationId'> = {
  index: 0,
  time: '1970-01-01T00:00:00.000Z',
  clientToken: null,
  imageId: 'ami-00000000000000000',
  instanceType: 'm5.large',
  keyName: null,
  userData: null,
  ebsOptimized: false,
  monitoring: false,
  disableApiStop: false,
  disableApiTermination: false,
  instanceInitiatedShutdownBehavior: 'stop',
  options: {},
};

export function launchOf({ id, launch }: Instance): InstanceLaunch {
  return launch ?? { ...NOT_RUN_BY_THE_API, reservationId: `r-${id.slice('i-'.length)}` };
}

/** ModifyInstanceAttribute of what is only remembered, of an instance that runs or is stopped. */
export function withLaunch(cloud: Cloud, instance: Instance, change: Partial<InstanceLaunch>): Cloud {
  return withInstance(cloud, { ...instance, launch: { ...launchOf(instance), ...change } });
}
