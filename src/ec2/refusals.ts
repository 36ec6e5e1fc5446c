/** Refusals that several actions share, in AWS's words. */
import { type IdPrefix, isId } from '../cloud/ids.js';
import { printable } from '../cloud/text/quote.js';
import { Ec2Error } from './ec2-error.js';

/** @param name as the text has it: `cidrBlock` or `CidrBlock`, whatever AWS writes */
export function missingParameter(name: string): Ec2Error {
  return new Ec2Error('MissingParameter', `The request must contain the parameter ${name}`);
}

/** Refuses an association that is not there, or no more. */
export function noAssociation(code: string, id: string): Ec2Error {
  return new Ec2Error(code, `The association ID '${printable(id)}' does not exist`);
}

/** Refuses the name of an attribute in an action that reads or changes one at a time. */
export function unknownAttribute(attribute: string | undefined, parameter = 'attribute'): Ec2Error {
  const text = `Value (${printable(attribute ?? '')}) for parameter ${parameter} is invalid. Unknown attribute.`;
  return new Ec2Error('InvalidParameterValue', text);
}

export function unsupported(what: string): Ec2Error {
  return new Ec2Error('UnsupportedOperation', `sglab does not support ${what}`);
}

/** Throws Ec2Error for a parameter that the lab has no meaning for; one that is false asks for nothing. */
export function refuseParameters<Request extends object>(request: Request, names: readonly (keyof Request)[]): void {
  const name = names.find((each) => request[each] !== undefined && request[each] !== false);
  if (name !== undefined) throw unsupported(`the parameter ${String(name)}`);
}

/** Throws EC2's `….Malformed` for an id that cannot be one of its kind; whether there is one is not asked. */
export function checkIds(prefix: IdPrefix, code: string, ids: readonly string[]): void {
  const wrong = ids.find((id) => !isId(prefix, id));
  if (wrong === undefined) return;
  throw new Ec2Error(code, `Invalid id: "${printable(wrong)}" (expecting "${prefix}-...")`);
}

export const checkInstanceIds = (ids: readonly string[]) => checkIds('i', 'InvalidInstanceID.Malformed', ids);

export const checkInterfaceIds = (ids: readonly string[]) =>
  checkIds('eni', 'InvalidNetworkInterfaceID.Malformed', ids);
