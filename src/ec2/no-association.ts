import { printable } from '../cloud/text/quote.js';
import { Ec2Error } from './ec2-error.js';

/** AWS's refusal of an association that is not there, or no more. */
export function noAssociation(code: string, id: string): Ec2Error {
  return new Ec2Error(code, `The association ID '${printable(id)}' does not exist`);
}
