import { createHash } from 'node:crypto';
import type { PrefixList } from './types.js';

/** A list that AWS keeps in a Region; its name is `com.amazonaws.REGION.SERVICE`. */
interface ManagedList {
  readonly service: string;
  /** `global` instead of the Region. */
  readonly isGlobal: boolean;
  /** What a rule that names the list counts against the quota, however many entries there are (MPL). */
  readonly weight: number;
  /** A part of the blocks that the service has: AWS changes them all the time. */
  readonly blocks: readonly string[];
}

const LISTS: readonly ManagedList[] = [
  {
    service: 's3',
    isGlobal: false,
    weight: 1,
    blocks: ['52.216.0.0/15', '54.231.0.0/16', '3.5.0.0/19', '16.182.0.0/16', '18.34.0.0/19'],
  },
  { service: 'dynamodb', isGlobal: false, weight: 1, blocks: ['52.94.0.0/22', '52.119.224.0/20', '3.218.180.0/22'] },
  { service: 'cloudfront.origin-facing', isGlobal: true, weight: 55, blocks: ['130.176.0.0/17', '15.158.0.0/16'] },
];

/** Ids have 8 digits, as those of AWS's own lists do; the same in every lab of a Region. */
export function managedPrefixLists(region: string): Record<string, PrefixList> {
  const lists = LISTS.map(({ service, isGlobal, weight, blocks }): PrefixList => {
    const name = `com.amazonaws.${isGlobal ? 'global' : region}.${service}`;
    return {
      id: `pl-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`,
      name,
      family: 'ipv4',
      managedByAws: true,
      maxEntries: weight,
      version: 1,
      entries: blocks.map((cidr) => ({ cidr, description: null })),
    };
  });
  return Object.fromEntries(lists.map((list) => [list.id, list]));
}
