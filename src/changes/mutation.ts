/** Every change of a lab can be applied, told in one line and written as a step, whatever its verb. */
import type { Cloud } from '../cloud/types.js';
import { type Mutation, VERBS } from './verbs.js';

/** The cloud after the change. All or nothing: throws CloudError, and the cloud that was given stays what it is. */
export function applyMutation(cloud: Cloud, mutation: Mutation): Cloud {
  return VERBS[mutation.type].apply(cloud, mutation);
}

/** The change as people say it: `authorize web: tcp/443 from 0.0.0.0/0`. */
export function mutationText(mutation: Mutation): string {
  return VERBS[mutation.type].text(mutation);
}

/** The step of a scenario file that makes the change: what the reader of steps takes back. */
export function mutationStep(mutation: Mutation): object {
  const { key, step } = VERBS[mutation.type];
  return { [key]: step(mutation) };
}
