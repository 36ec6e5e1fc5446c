import { Ec2Error } from './ec2-error.js';

export interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** The limits of MaxResults. */
export interface PageLimits {
  readonly min: number;
  readonly max: number;
}

/**
 * Takes one page of a list (7.2); without MaxResults it is the rest of the list. The token names the last item and its
 * place: when that item is gone meanwhile, the next page begins where it was.
 */
export function pageOf<Item>(
  items: readonly Item[],
  { MaxResults, NextToken }: PageRequest,
  idOf: (item: Item) => string,
  limits: PageLimits,
): { readonly items: Item[]; readonly NextToken: string | undefined } {
  if (MaxResults !== undefined && (MaxResults < limits.min || MaxResults > limits.max)) {
    const text = `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between ${limits.min} and ${limits.max}.`;
    throw new Ec2Error('InvalidParameterValue', text);
  }
  const start = NextToken === undefined ? 0 : placeAfter(items, NextToken, idOf);
  const page = items.slice(start, MaxResults === undefined ? undefined : start + MaxResults);
  const last = page.at(-1);
  const end = start + page.length;
  const more = last !== undefined && end < items.length;
  return { items: page, NextToken: more ? encode(end, idOf(last)) : undefined };
}

function placeAfter<Item>(items: readonly Item[], token: string, idOf: (item: Item) => string): number {
  const [place, id] = decode(token);
  const at = items.findIndex((item) => idOf(item) === id);
  return at < 0 ? place - 1 : at + 1;
}

const encode = (place: number, id: string) => Buffer.from(`${place} ${id}`).toString('base64url');

function decode(token: string): [number, string] {
  const found = /^([1-9]\d{0,8}) (\S+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'));
  if (found?.[1] === undefined || found[2] === undefined) {
    throw new Ec2Error('InvalidNextToken', 'The token is not valid.');
  }
  return [Number(found[1]), found[2]];
}

/** Ids and MaxResults exclude each other where AWS says so. */
export function refuseMaxResults(parameter: string, ids: readonly string[], { MaxResults }: PageRequest): void {
  if (ids.length === 0 || MaxResults === undefined) return;
  const text = `The parameter ${parameter} cannot be used with the parameter maxResults`;
  throw new Ec2Error('InvalidParameterCombination', text);
}
