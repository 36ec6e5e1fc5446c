import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { findById } from '../../../cloud/lookup.js';
import type { Cloud } from '../../../cloud/types.js';

export type InstanceState = 'Running' | 'Stopped' | 'Terminated';

export function instanceState({ instances, stoppedInstances }: Cloud, id: string): InstanceState {
  if (findById(instances, id) !== undefined) return 'Running';
  return findById(stoppedInstances, id) === undefined ? 'Terminated' : 'Stopped';
}

export function InstanceStateIndicator({ state }: { readonly state: InstanceState }) {
  return <StatusIndicator type={state === 'Running' ? 'success' : 'stopped'}>{state}</StatusIndicator>;
}
