/** Divides addresses into those that no rule of a lab tells apart, and finds one in each that a machine could have. */
import { blocksOf } from '../../cloud/groups/members.js';
import { findById } from '../../cloud/lookup.js';
import { type Cidr, cidrContains, cidrsOverlap, parseCidr } from '../../cloud/network/cidr.js';
import type { Cloud } from '../../cloud/types.js';
import { blockOf } from './patterns.js';
import type { FlowPattern } from './types.js';

/** Addresses from `first` to `last`; all of them are in the same blocks. */
export type Cell = Pick<Cidr, 'family' | 'first' | 'last'>;

/** Every block that the lab's rules, lists, network ACLs and routes speak of, and every block and host outside of the patterns. */
export function blocksSpokenOf(cloud: Cloud, patterns: readonly FlowPattern[]): Cidr[] {
  const rules = Object.values(cloud.securityGroups).flatMap(({ rules }) =>
    rules.flatMap(({ peer }) => blocksOf(cloud, peer)),
  );
  const entries = Object.values(cloud.networkAcls).flatMap((list) => list.entries.map(({ cidr }) => parseCidr(cidr)));
  const routes = Object.values(cloud.routeTables).flatMap((table) =>
    table.routes.flatMap(({ destination }) => (destination.type === 'cidr' ? [parseCidr(destination.cidr)] : [])),
  );
  const words = patterns.flatMap(({ from, to }) => [from, to]);
  const hosts = words.flatMap((word) => findById(cloud.externalHosts, word)?.addresses ?? []);
  const named = [...words, ...hosts].map(blockOf).filter((block) => block !== null);
  const all = [...rules, ...entries, ...routes, ...named];
  return [...new Map(all.map((block) => [block.text, block])).values()];
}

/** The parts of `within` between the edges of the blocks. */
export function cellsOf(within: Cidr, blocks: readonly Cidr[]): Cell[] {
  const edges = blocks
    .filter((block) => cidrsOverlap(within, block))
    .flatMap(({ first, last }) => [first, last + 1n])
    .filter((edge) => edge > within.first && edge <= within.last);
  const starts = [...new Set([within.first, ...edges])].sort((a, b) => (a < b ? -1 : 1));
  return starts.map((first, at) => ({ family: within.family, first, last: (starts[at + 1] ?? within.last + 1n) - 1n }));
}

/** Stands for the blocks that hold a cell: rules treat two cells with the same ones alike. */
export function signatureOf({ family, first: value }: Pick<Cell, 'family' | 'first'>, blocks: readonly Cidr[]): string {
  return blocks
    .filter((block) => cidrContains(block, { family, value }))
    .map(({ text }) => text)
    .sort()
    .join(' ');
}
