import { visibleTerminated } from '../../cloud/instances/instance-life.js';
import type { Instance } from '../../cloud/instances/types.js';
import { notFound } from '../../cloud/resources.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { checkInstanceIds } from '../refusals.js';

/**
 * The instances that a request names, or all. The machines that AWS runs by itself are no instances here, and those that
 * were terminated a while ago are gone. Throws Ec2Error.
 */
export function requestedInstances(
  { cloud, time }: Pick<ActionContext, 'cloud' | 'time'>,
  ids: readonly string[] = [],
): Instance[] {
  checkInstanceIds(ids);
  const all = visibleInstances(cloud, time);
  if (ids.length === 0) return all;
  const unknown = ids.filter((id) => !all.some((instance) => instance.id === id));
  const [only] = unknown;
  if (unknown.length === 1) notFound('i', only ?? '');
  if (unknown.length > 1) {
    const text = `The instance IDs '${unknown.join(', ')}' do not exist`;
    throw new Ec2Error('InvalidInstanceID.NotFound', text);
  }
  return all.filter(({ id }) => ids.includes(id));
}

function visibleInstances(cloud: Cloud, time: Date): Instance[] {
  const present = [...Object.values(cloud.instances), ...Object.values(cloud.stoppedInstances)];
  return [...present, ...visibleTerminated(cloud, time)].filter(({ kind }) => kind === 'ec2');
}
