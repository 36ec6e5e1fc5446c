/** `Filter.N.Name` and `Filter.N.Value.M` of Describe actions (7.2): values of one filter are alternatives, all filters must hold. */
import type { Filter } from '@aws-sdk/client-ec2';
import { printable } from '../cloud/text/quote.js';
import type { Tags } from '../cloud/types.js';
import { Ec2Error } from './ec2-error.js';
import { wildcard } from './wildcard.js';

/** By the filter's name: the values that an item has for it. */
export type FilterValues<Item> = Readonly<Record<string, (item: Item) => readonly (string | null | undefined)[]>>;

/**
 * The items for which every filter holds. `tag:<key>` and `tag-key` are known everywhere.
 * @throws Ec2Error `InvalidParameterValue` for a filter that this action does not have
 */
export function filterItems<Item>(
  items: readonly Item[],
  filters: readonly Filter[] | undefined,
  values: FilterValues<Item>,
  tagsOf: (item: Item) => Tags,
): Item[] {
  const tests = (filters ?? []).map((filter) => testOf(filter, values, tagsOf));
  return items.filter((item) => tests.every((test) => test(item)));
}

function testOf<Item>(filter: Filter, values: FilterValues<Item>, tagsOf: (item: Item) => Tags) {
  const name = filter.Name ?? '';
  const wanted = (filter.Values ?? []).map(wildcard);
  const valuesOf = finder(name, values, tagsOf);
  return (item: Item) =>
    valuesOf(item).some((value) => typeof value === 'string' && wanted.some((matches) => matches(value)));
}

function finder<Item>(name: string, values: FilterValues<Item>, tagsOf: (item: Item) => Tags) {
  if (name === 'tag-key') return (item: Item) => Object.keys(tagsOf(item));
  if (name.startsWith('tag:')) return (item: Item) => [tagsOf(item)[name.slice('tag:'.length)]];
  const known = Object.hasOwn(values, name) ? values[name] : undefined;
  if (known === undefined) throw new Ec2Error('InvalidParameterValue', `The filter '${printable(name)}' is invalid`);
  return known;
}
