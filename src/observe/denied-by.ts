import { readEntryId } from '../cloud/text/network-acl-words.js';
import type { Cloud } from '../cloud/types.js';
import type { Sighting } from './sighting.js';

/** The entry of a network ACL that dropped the packet: `acl-…/90`, or `acl-…/*`; null where no network ACL did. */
export function deniedBy(cloud: Cloud, { cause }: Sighting): string | null {
  return cause !== null && readEntryId(cloud, cause) !== null ? cause : null;
}
