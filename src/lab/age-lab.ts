/** Moves the time of everything in a lab that forgets: connection tracking, and elements that packets put into sets. */
import type { Cloud } from '../cloud/types.js';
import { type Aged, sumAged } from '../kernel/aged.js';
import { ageConntrack } from '../kernel/conntrack-time.js';
import type { Netns } from '../kernel/netns.js';
import { ageElements, type SetPlace } from '../kernel/nft-elements.js';
import type { Ruleset } from '../ruleset/index.js';
import { planLab } from './plan-lab.js';

/**
 * Lets that many whole seconds of silence pass on every card and gateway. Routers that track nothing cost one look at a
 * counter.
 */
export async function ageLab(cloud: Cloud, netns: (name: string) => Netns, seconds: number): Promise<Aged> {
  const filtering = [...planLab(cloud).namespaces.values()].flatMap(({ name, ruleset }) =>
    ruleset === null ? [] : [{ namespace: netns(name), places: timedSets(ruleset()) }],
  );
  const connections = filtering.map(({ namespace }) => ageConntrack(namespace, seconds));
  return sumAged([...connections, await ageElements(filtering, seconds)]);
}

/** The sets and maps of a ruleset whose elements have a time-out. */
export function timedSets({ tables }: Ruleset): SetPlace[] {
  return tables.flatMap(({ family, name: table, sets }) =>
    sets
      .filter(({ flags }) => flags.includes('timeout'))
      .map(({ name, data }) => ({ table: `${family} ${table}`, kind: data === null ? 'set' : 'map', name }) as const),
  );
}
