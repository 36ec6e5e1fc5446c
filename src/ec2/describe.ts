import type { Filter } from '@aws-sdk/client-ec2';
import { tagsOf } from '../cloud/tags.js';
import type { Cloud } from '../cloud/types.js';
import { type FilterValues, filterItems } from './filters.js';
import { pageOf } from './pages.js';

interface Asked {
  /** Those that are asked for by id; none: all. */
  readonly ids: readonly string[] | undefined;
  readonly filters: readonly Filter[] | undefined;
  readonly page: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined };
}

export interface Kind<Item> {
  readonly idOf: (item: Item) => string;
  /** Throws AWS's NotFound error. */
  readonly notFound: (id: string) => unknown;
  readonly filters: FilterValues<Item>;
  /** Of MaxResults; default 5 … 1000. */
  readonly limits?: { readonly min: number; readonly max: number };
}

/** What a Describe action answers: items by id and filter, page by page. @param items in the answer's own shape */
export function describeItems<Item>(cloud: Cloud, items: readonly Item[], asked: Asked, kind: Kind<Item>) {
  const { ids = [], filters, page } = asked;
  for (const id of ids) if (!items.some((item) => kind.idOf(item) === id)) kind.notFound(id);
  const named = ids.length === 0 ? items : items.filter((item) => ids.includes(kind.idOf(item)));
  const found = filterItems(named, filters, kind.filters, (item) => tagsOf(cloud, kind.idOf(item)));
  return pageOf(found, page, kind.idOf, kind.limits ?? { min: 5, max: 1000 });
}
