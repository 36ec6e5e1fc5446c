import { type IdPrefix, isId } from '../cloud/ids.js';
import { printable } from '../cloud/text/quote.js';
import { Ec2Error } from './ec2-error.js';

/** Throws EC2's `….Malformed` for an id that cannot be one of its kind; whether there is one is not asked. */
export function checkIds(prefix: IdPrefix, code: string, ids: readonly string[]): void {
  const wrong = ids.find((id) => !isId(prefix, id));
  if (wrong === undefined) return;
  throw new Ec2Error(code, `Invalid id: "${printable(wrong)}" (expecting "${prefix}-...")`);
}

export const checkInstanceIds = (ids: readonly string[]) => checkIds('i', 'InvalidInstanceID.Malformed', ids);

export const checkInterfaceIds = (ids: readonly string[]) =>
  checkIds('eni', 'InvalidNetworkInterfaceID.Malformed', ids);
