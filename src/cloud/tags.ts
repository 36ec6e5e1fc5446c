/** Tags of everything that has an id. They change no packet. */
import { CloudError } from './errors.js';
import { type ResourceKind, resourceKind } from './resources.js';
import type { Cloud, Tags } from './types.js';

const MAX_TAGS = 50;
const MAX_KEY = 128;
const MAX_VALUE = 256;
const NO_TAGS: Tags = {};

export function tagsOf(cloud: Cloud, id: string): Tags {
  return Object.hasOwn(cloud.tags, id) ? (cloud.tags[id] ?? NO_TAGS) : NO_TAGS;
}

/** Adds tags or overwrites those of the same keys. Throws CloudError `TagLimitExceeded`, `InvalidParameterValue`. */
export function createTags(cloud: Cloud, ids: readonly string[], tags: Tags): Cloud {
  for (const [key, value] of Object.entries(tags)) checkTag(key, value);
  if (Object.keys(tags).length === 0) return cloud;
  const changed = ids.map((id) => {
    const all = { ...tagsOf(cloud, id), ...tags };
    if (Object.keys(all).length > MAX_TAGS) {
      throw new CloudError('TagLimitExceeded', `The maximum number of tags for ${id} has been reached.`);
    }
    return [id, all] as const;
  });
  return { ...cloud, tags: { ...cloud.tags, ...Object.fromEntries(changed) } };
}

/** @param tags keys to remove; one with a value only where it has just this value. null: all that the resource has */
export function deleteTags(
  cloud: Cloud,
  ids: readonly string[],
  tags: readonly { readonly key: string; readonly value: string | null }[] | null,
): Cloud {
  const isRemoved = (key: string, value: string) =>
    tags === null || tags.some((each) => each.key === key && (each.value === null || each.value === value));
  const changed = ids.map((id) => {
    const left = Object.entries(tagsOf(cloud, id)).filter(([key, value]) => !isRemoved(key, value));
    return [id, Object.fromEntries(left)] as const;
  });
  return { ...cloud, tags: { ...cloud.tags, ...Object.fromEntries(changed) } };
}

/** Removes the tags of what is gone. */
export function pruneTags(cloud: Cloud): Cloud {
  const present = new Map<ResourceKind, ReadonlySet<string>>();
  const isPresent = (id: string) => {
    const kind = resourceKind(id);
    if (kind === undefined) return true;
    const ids = present.get(kind) ?? new Set(kind.ids(cloud));
    present.set(kind, ids);
    return ids.has(id);
  };
  const all = Object.entries(cloud.tags);
  const left = all.filter(([id, tags]) => Object.keys(tags).length > 0 && isPresent(id));
  return left.length === all.length ? cloud : { ...cloud, tags: Object.fromEntries(left) };
}

function checkTag(key: string, value: string): void {
  if (key === '' || key.length > MAX_KEY) {
    throw new CloudError(
      'InvalidParameterValue',
      `Tag key exceeds the maximum length of ${MAX_KEY} characters or is empty`,
    );
  }
  if (/^aws:/i.test(key)) {
    throw new CloudError('InvalidParameterValue', "Tag keys starting with 'aws:' are reserved for internal use");
  }
  if (value.length > MAX_VALUE) {
    throw new CloudError('InvalidParameterValue', `Tag value exceeds the maximum length of ${MAX_VALUE} characters`);
  }
}

/**
 * Tags what was given a name in a file, and has no other name in AWS, with that `Name`. Security groups and prefix
 * lists have names of their own.
 */
export function withNameTags(cloud: Cloud): Cloud {
  const { vpcs, subnets, routeTables, networkAcls, peerings, gatewayEndpoints, transitGateways, instances } = cloud;
  const named = [vpcs, subnets, routeTables, networkAcls, peerings, gatewayEndpoints, transitGateways, instances];
  return named
    .flatMap((record) => Object.values(record))
    .filter(({ id }) => tagsOf(cloud, id).Name === undefined)
    .reduce((before, { id, name }) => createTags(before, [id], { Name: name }), cloud);
}
