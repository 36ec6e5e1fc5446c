/** The parts that many answers have. */
import type { Tag } from '@aws-sdk/client-ec2';
import { tagsOf } from '../../cloud/tags.js';
import type { Cloud } from '../../cloud/types.js';

/** @param resource kind and id: `security-group/sg-…` */
export function arn({ region, accountId }: Cloud, resource: string): string {
  return `arn:aws:ec2:${region}:${accountId}:${resource}`;
}

/** The tags are sorted, so that the same tags are always the same text. */
export function tagList(cloud: Cloud, id: string): Tag[] {
  return Object.entries(tagsOf(cloud, id))
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((left, right) => (left.Key < right.Key ? -1 : 1));
}

/** For kinds of resources whose answer leaves the list out where there are no tags. */
export function tagListIfAny(cloud: Cloud, id: string): { readonly Tags?: Tag[] } {
  const list = tagList(cloud, id);
  return list.length === 0 ? {} : { Tags: list };
}

/**
 * The marked boundary between the wire and the types of AWS's client: these list the values that were known when they were
 * published, some of them in another spelling than EC2 writes.
 */
export function unlisted<Value extends string>(text: string): Value {
  return text as Value;
}
