/** Filters of Describe actions (7.2): the values of one filter are alternatives, and all filters must hold. */
import type { Filter } from '@aws-sdk/client-ec2';
import { printable } from '../cloud/text/quote.js';
import type { Tags } from '../cloud/types.js';
import { Ec2Error } from './ec2-error.js';
import { structureOf } from './parse-request.js';

/** The values that an item has for a filter; it meets the filter when one of them is wanted. */
export type FilterValues<Item> = (item: Item) => readonly unknown[];

/**
 * Every action knows the filters `tag:<key>`, `tag-key` and `tag-value`.
 * @param valuesOf looks any other filter up by its name; undefined: the action does not have it
 * @returns the items for which every filter holds
 * @throws Ec2Error `InvalidParameterValue` for a filter that the action does not have
 */
export function filterItems<Item>(
  items: readonly Item[],
  filters: readonly Filter[] | undefined,
  valuesOf: (name: string) => FilterValues<Item> | undefined,
  tagsOf: (item: Item) => Tags,
): Item[] {
  const tests = (filters ?? []).map(({ Name = '', Values = [] }) => {
    const values = tagValues(Name, tagsOf) ?? valuesOf(Name);
    if (values === undefined) throw new Ec2Error('InvalidParameterValue', `The filter '${printable(Name)}' is invalid`);
    const wanted = Values.map(wildcard);
    return (item: Item) => texts(values(item)).some((text) => wanted.some((matches) => matches(text)));
  });
  return items.filter((item) => tests.every((test) => test(item)));
}

function tagValues<Item>(name: string, tagsOf: (item: Item) => Tags): FilterValues<Item> | undefined {
  if (name === 'tag-value') return (item) => Object.values(tagsOf(item));
  if (name === 'tag-key') return (item) => Object.keys(tagsOf(item));
  if (!name.startsWith('tag:')) return undefined;
  const key = name.slice('tag:'.length);
  return (item) => {
    const tags = tagsOf(item);
    return Object.hasOwn(tags, key) ? [tags[key]] : [];
  };
}

function texts(values: readonly unknown[]): string[] {
  return values
    .filter((value) => value !== undefined && value !== null)
    .map((value) => (value instanceof Date ? value.toISOString() : String(value)));
}

/**
 * Finds the path that a filter's name spells: `attachment.vpc-id` of an internet gateway is `Attachments.VpcId`. Each word
 * is a member's name in the API model or on the wire; where the member is a list, the word may be its singular. Most
 * filters are spelled so; a Describe action writes down the paths of the others.
 * @param structure its name in the API model
 */
export function memberPath(structure: string, name: string): string {
  const members: string[] = [];
  let type = structure;
  for (const word of name.split('.')) {
    const found = Object.entries(structureOf(type).members).find(([member, [, wire]]) =>
      [member, wire].some((spelling) => isSpelt(word, spelling)),
    );
    if (found === undefined) throw new Error(`the filter ${name} spells no path in ${structure}`);
    members.push(found[0]);
    type = found[1][2].replace(/\[\]$/, '');
  }
  return members.join('.');
}

function isSpelt(word: string, spelling: string): boolean {
  const letters = word.replaceAll('-', '').toLowerCase();
  return [letters, `${letters}s`, `${letters}set`].includes(spelling.toLowerCase());
}

/** Reads a structure at a path of members, through every item of each list on the way. */
export function valuesAt(value: unknown, path: string): unknown[] {
  return path
    .split('.')
    .reduce<unknown[]>(
      (values, member) => values.flatMap((each) => (isRecord(each) ? each[member] : undefined)),
      [value],
    );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

type Token = { readonly any: 'text' } | { readonly any: 'character' } | { readonly is: string };

/**
 * `*` matches any text, `?` any character, and a backslash takes their meaning away; a backslash at the end matches itself.
 * It is not a regular expression, because several `*` would make one try every way to divide a text.
 * @returns whether a whole text matches, in at most length × length of the pattern steps
 */
export function wildcard(pattern: string): (text: string) => boolean {
  const tokens = tokensOf(pattern);
  return (text) => matches(tokens, [...text]);
}

function tokensOf(pattern: string): Token[] {
  const words = pattern.match(/\\[\s\S]|[\s\S]/gu) ?? [];
  return words.map((word) => {
    if (word === '*') return { any: 'text' };
    if (word === '?') return { any: 'character' };
    return { is: word.length > 1 && word.startsWith('\\') ? word.slice(1) : word };
  });
}

/** Only the last `*` can need another try: whatever an earlier one could take, the last one can take as well. */
function matches(tokens: readonly Token[], text: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  let star: { readonly token: number; from: number } | null = null;
  while (at < text.length) {
    const token = tokens[next];
    if (token !== undefined && 'any' in token && token.any === 'text') {
      star = { token: next, from: at };
      next += 1;
    } else if (token !== undefined && ('any' in token || token.is === text[at])) {
      at += 1;
      next += 1;
    } else if (star !== null) {
      star.from += 1;
      at = star.from;
      next = star.token + 1;
    } else {
      return false;
    }
  }
  return tokens.slice(next).every((token) => 'any' in token && token.any === 'text');
}
