/** What resources are called, as text that nothing in it can hide or reorder. */
import { findById } from '../../cloud/lookup.js';
import { tagsOf } from '../../cloud/tags.js';
import { escapeInvisible } from '../../cloud/text/quote.js';
import type { Cloud } from '../../cloud/types.js';

/** The tag `Name`, or `–` as AWS's tables have it. */
export function nameTag(cloud: Cloud, id: string): string {
  return escapeInvisible(tagsOf(cloud, id).Name ?? '') || '–';
}

/** The same of what has a name in the lab, too: that of its file, or its id. */
export function idAndLabName(cloud: Cloud, { id, name }: { readonly id: string; readonly name: string }): string {
  const shown = tagsOf(cloud, id).Name ?? (name === id ? undefined : name);
  return shown === undefined ? id : `${id} / ${escapeInvisible(shown)}`;
}

/** `sg-0f… / web`, as AWS's console heads pages and writes references. */
export function idAndName(cloud: Cloud, id: string): string {
  const name = findById(cloud.securityGroups, id)?.name ?? tagsOf(cloud, id).Name;
  return name === undefined ? id : `${id} / ${escapeInvisible(name)}`;
}
