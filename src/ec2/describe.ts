import type { Filter } from '@aws-sdk/client-ec2';
import { findById } from '../cloud/lookup.js';
import { tagsOf } from '../cloud/tags.js';
import type { Cloud, Tags } from '../cloud/types.js';
import { type FilterValues, filterItems, memberPath, valuesAt } from './filters.js';
import { type PageLimits, type PageRequest, pageOf } from './pages.js';

/** A kind of resource, as a Describe action needs to know it. */
export interface Description<Resource, Item> {
  /** The name of the item's structure in the API model. */
  readonly structure: string;
  readonly idOf: (resource: Resource) => string;
  readonly itemOf: (cloud: Cloud, resource: Resource) => Item;
  /** Filters whose names spell the path of the members that they look at. */
  readonly filters: readonly string[];
  /** The paths of filters that AWS calls otherwise. */
  readonly paths?: Readonly<Record<string, string>>;
  /** Filters that look at something which no item shows, or that must not make items of all resources. */
  readonly values?: Readonly<Record<string, (cloud: Cloud, resource: Resource) => readonly unknown[]>>;
  /** Throws AWS's error for an id that is not there. */
  readonly notFound?: (cloud: Cloud, id: string) => unknown;
  /** When absent, the tags are those of the resource's id. */
  readonly tagsOf?: (resource: Resource) => Tags;
  /** When absent, 5 to 1000. */
  readonly limits?: PageLimits;
}

interface DescribeRequest extends PageRequest {
  readonly ids?: readonly string[] | undefined;
  readonly Filters?: readonly Filter[] | undefined;
}

/** Answers a Describe action with one page of the resources that its ids and filters choose. Throws what `notFound` throws. */
export function describeItems<Resource, Item>(
  cloud: Cloud,
  resources: readonly Resource[],
  request: DescribeRequest,
  description: Description<Resource, Item>,
): { readonly items: Item[]; readonly NextToken: string | undefined } {
  const { idOf, tagsOf: ownTags = (resource) => tagsOf(cloud, idOf(resource)), limits = LIMITS } = description;
  const named = namedResources(cloud, resources, request.ids ?? [], description);
  const itemOf = once((resource: Resource) => description.itemOf(cloud, resource));
  const found = filterItems(named, request.Filters, (name) => valuesOf(cloud, name, description, itemOf), ownTags);
  const { items, NextToken } = pageOf(found, request, idOf, limits);
  return { items: items.map(itemOf), NextToken };
}

const LIMITS: PageLimits = { min: 5, max: 1000 };

function namedResources<Resource, Item>(
  cloud: Cloud,
  resources: readonly Resource[],
  ids: readonly string[],
  { idOf, notFound }: Description<Resource, Item>,
): readonly Resource[] {
  if (ids.length === 0) return resources;
  const byId = new Map(resources.map((resource) => [idOf(resource), resource]));
  for (const id of ids) if (!byId.has(id)) notFound?.(cloud, id);
  return resources.filter((resource) => ids.includes(idOf(resource)));
}

function valuesOf<Resource, Item>(
  cloud: Cloud,
  name: string,
  { structure, filters, paths = {}, values = {} }: Description<Resource, Item>,
  itemOf: (resource: Resource) => Item,
): FilterValues<Resource> | undefined {
  const own = findById(values, name);
  if (own !== undefined) return (resource) => own(cloud, resource);
  const path = filters.includes(name) ? memberPath(structure, name) : findById(paths, name);
  return path === undefined ? undefined : (resource) => valuesAt(itemOf(resource), path);
}

/** Several filters may look at an item that the answer shows, too: it is made once, when it is first needed. */
function once<Resource, Item>(make: (resource: Resource) => Item): (resource: Resource) => Item {
  const made = new Map<Resource, Item>();
  return (resource) => {
    const item = made.get(resource) ?? make(resource);
    made.set(resource, item);
    return item;
  };
}
