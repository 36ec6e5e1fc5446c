import { SglabError } from '../../errors.js';
import { CloudError } from '../errors.js';
import type { Family } from '../groups/types.js';
import { printable } from '../text/quote.js';
import { type Cidr, parseCidr } from './cidr.js';

/**
 * A block as an API parameter. Throws CloudError with AWS's text for parameters that are not CIDR blocks of the
 * family; the hint says what is wrong with it.
 */
export function parseBlock(parameter: string, family: Family, text: string): Cidr {
  const cidr = tryParse(text);
  if (!(cidr instanceof SglabError) && cidr.family === family) return cidr;
  throw new CloudError(
    'InvalidParameterValue',
    `Value (${printable(text)}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
    cidr instanceof SglabError ? (cidr.hint ?? undefined) : `An ${FAMILY_NAME[family]} block is needed here.`,
  );
}

/** The peer of a rule. AWS's words for a bad one, one of the other family included (gh:aws/aws-cli#2428). */
export function parsePeerCidr(text: string, family?: Family): Cidr {
  const cidr = tryParse(text);
  if (!(cidr instanceof SglabError) && (family === undefined || cidr.family === family)) return cidr;
  throw new CloudError(
    'InvalidParameterValue',
    `CIDR block ${printable(text)} is malformed`,
    cidr instanceof SglabError ? (cidr.hint ?? undefined) : `An ${FAMILY_NAME[family ?? 'ipv4']} block is needed here.`,
  );
}

/** One rule for all places: sizes are prefix lengths, both inclusive. */
export function checkBlockSize(code: string, cidr: Cidr, [shortest, longest]: readonly [number, number]): void {
  if (shortest <= cidr.prefixLength && cidr.prefixLength <= longest) return;
  const allowed = shortest === longest ? `/${shortest}` : `/${shortest} to /${longest}`;
  throw new CloudError(code, `The CIDR '${cidr.text}' is invalid.`, `Its prefix length must be ${allowed}.`);
}

const FAMILY_NAME: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

function tryParse(text: string): Cidr | SglabError {
  try {
    return parseCidr(text);
  } catch (error) {
    if (error instanceof SglabError) return error;
    throw error;
  }
}
