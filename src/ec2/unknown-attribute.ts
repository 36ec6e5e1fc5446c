import { printable } from '../cloud/text/quote.js';
import { Ec2Error } from './ec2-error.js';

/** Of an action that reads or changes one attribute by its name. */
export function unknownAttribute(attribute: string | undefined): Ec2Error {
  const text = `Value (${printable(attribute ?? '')}) for parameter attribute is invalid. Unknown attribute.`;
  return new Ec2Error('InvalidParameterValue', text);
}
