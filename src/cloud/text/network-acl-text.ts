import { findById } from '../lookup.js';
import { entryText } from '../network/network-acl.js';
import type { NetworkAcl, NetworkAclEntry } from '../network/types.js';
import type { Cloud } from '../types.js';

/** Stands for AWS's last entry, which denies what no other entry matches. */
export const ANYTHING_ELSE = '*';

/** `acl-0123456789abcdef0/90`, or `…/*`: what names an entry in verdicts. */
export function entryId({ id }: NetworkAcl, number: number | typeof ANYTHING_ELSE): string {
  return `${id}/${number}`;
}

/** Reads what `entryId` made; null for anything else. Both directions may have an entry of that number. */
export function readEntryId(cloud: Cloud, text: string): { list: NetworkAcl; number: number | null } | null {
  const [id = '', number = ''] = text.split('/');
  const list = findById(cloud.networkAcls, id);
  return list === undefined ? null : { list, number: number === ANYTHING_ELSE ? null : Number(number) };
}

/** The word by which files name the entry with that id: `strict/90`; null for any other id. */
export function entryName(cloud: Cloud, id: string): string | null {
  const read = readEntryId(cloud, id);
  return read === null ? null : `${read.list.name}/${read.number ?? ANYTHING_ELSE}`;
}

/** The words by which files may name the entries of every list. */
export function entryNames(cloud: Cloud): string[] {
  return Object.values(cloud.networkAcls).flatMap((list) => [
    ...new Set([...list.entries.map(({ number }) => `${list.name}/${number}`), `${list.name}/${ANYTHING_ELSE}`]),
  ]);
}

/** `strict: deny tcp/22 from 0.0.0.0/0` */
export function describeEntry(list: NetworkAcl, entry: NetworkAclEntry): string {
  return `${list.name}: ${entryText(entry)}`;
}
