/** Instances and interfaces. */
import { describeInstancesActions } from './describe-instances.js';
import { instanceStateActions } from './instance-states.js';
import { networkInterfaceActions } from './network-interfaces.js';
import { runInstancesActions } from './run-instances.js';

export const machineActions = {
  ...runInstancesActions,
  ...describeInstancesActions,
  ...instanceStateActions,
  ...networkInterfaceActions,
};
