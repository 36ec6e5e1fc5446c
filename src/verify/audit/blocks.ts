/** Which blocks are the world, and which are nobody's on the internet. */

import type { SecurityGroupRule } from '../../cloud/groups/types.js';
import { type Cidr, cidrContainsCidr, parseCidr } from '../../cloud/network/cidr.js';
import type { Cloud } from '../../cloud/types.js';
import { blocksOf } from './reach.js';

/** Shorter than anything that one organisation would be given: two halves of everything are the world too. */
const WORLD: Readonly<Record<Cidr['family'], number>> = { ipv4: 7, ipv6: 16 };

/** Addresses that no machine on the internet has (IANA's special-purpose registries). */
const NOT_INTERNET = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
  '::/128',
  '::1/128',
].map(parseCidr);

/** Instance metadata, DNS and time: no machine has the address, and all the same it answers. */
const LINK_LOCAL = parseCidr('169.254.0.0/16');

export function isNotInternet(block: Cidr): boolean {
  return NOT_INTERNET.some((special) => cidrContainsCidr(special, block));
}

export function isLinkLocal(block: Cidr): boolean {
  return cidrContainsCidr(LINK_LOCAL, block);
}

export function isWorld(block: Cidr): boolean {
  return block.prefixLength <= WORLD[block.family] && !isNotInternet(block);
}

/** The blocks of the rule's peer that are the world, an entry of a prefix list among them. */
export function worldBlocks(cloud: Cloud, rule: Pick<SecurityGroupRule, 'peer'>): Cidr[] {
  return blocksOf(cloud, rule.peer).filter(isWorld);
}
