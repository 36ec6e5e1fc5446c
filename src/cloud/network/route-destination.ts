import { byId } from '../by-id.js';
import type { Family } from '../groups/types.js';
import { getPrefixList } from '../lookup.js';
import type { Cloud } from '../types.js';
import { parseBlock } from './block.js';
import { type Cidr, parseCidr } from './cidr.js';
import type { RouteDestination } from './types.js';

/** The blocks of a family that the destination stands for. */
export function blocksOfDestination(cloud: Cloud, destination: RouteDestination): Cidr[] {
  if (destination.type === 'cidr') return [parseCidr(destination.cidr)];
  return byId(cloud.prefixLists, destination.prefixListId).entries.map(({ cidr }) => parseCidr(cidr));
}

/** CIDR blocks are canonicalised, as everywhere (A6). */
export function readDestination(cloud: Cloud, text: string): RouteDestination {
  if (text.startsWith('pl-')) return { type: 'prefix-list', prefixListId: getPrefixList(cloud, text).id };
  const family: Family = text.includes(':') ? 'ipv6' : 'ipv4';
  const parameter = family === 'ipv4' ? 'destinationCidrBlock' : 'destinationIpv6CidrBlock';
  return { type: 'cidr', family, cidr: parseBlock(parameter, family, text).text };
}

export function destinationText(destination: RouteDestination): string {
  return destination.type === 'cidr' ? destination.cidr : destination.prefixListId;
}

export function isSameDestination(a: RouteDestination, b: RouteDestination): boolean {
  return destinationText(a) === destinationText(b);
}
