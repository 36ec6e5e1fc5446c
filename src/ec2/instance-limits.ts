import type { Cloud } from '../cloud/types.js';
import { Ec2Error } from './ec2-error.js';

/** Each is a namespace with links, rulesets and servers: a host bears some hundreds, and a slip of a finger asks for more. */
const MAX_RUNNING = 500;
const MAX_PER_CALL = 100;

/** Throws AWS's `InstanceLimitExceeded` where a call asks for more than it can, or the lab would have more than it can. */
export function checkInstanceLimit(cloud: Cloud, added: number): void {
  if (added > MAX_PER_CALL) throw limitExceeded(added, MAX_PER_CALL);
  const running = Object.values(cloud.instances).filter(({ kind }) => kind === 'ec2').length;
  if (running + added > MAX_RUNNING) throw limitExceeded(running + added, MAX_RUNNING);
}

function limitExceeded(wanted: number, limit: number): Ec2Error {
  return new Ec2Error(
    'InstanceLimitExceeded',
    `You have requested more instances (${wanted}) than your current instance limit of ${limit} allows for the specified instance type. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
  );
}
