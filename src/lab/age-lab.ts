/** Moves the time of everything in a lab that forgets: connection tracking, and elements that packets put into sets. */
import { type AgingResult, sumAgingResults } from '../kernel/aged.js';
import { ageConntrack } from '../kernel/conntrack-time.js';
import type { OpenNamespaces } from '../kernel/netns.js';
import { ageElements, type SetReference } from '../kernel/nft-elements.js';
import type { Ruleset } from '../ruleset/ruleset.js';
import type { States } from './namespace-state.js';

/**
 * Lets that many whole seconds of silence pass on every card and gateway. Routers that track nothing cost one look at a
 * counter.
 */
export async function ageLab(states: States, namespaces: OpenNamespaces, seconds: number): Promise<AgingResult> {
  const filtering = [...states.values()].flatMap(({ name, ruleset }) =>
    ruleset === null ? [] : [{ namespace: namespaces.netns(name), places: timedSets(ruleset()) }],
  );
  const connections = filtering.map(({ namespace }) => ageConntrack(namespace, seconds));
  return sumAgingResults([...connections, await ageElements(filtering, seconds)]);
}

/** The sets and maps of a ruleset whose elements have a time-out. */
export function timedSets({ tables }: Ruleset): SetReference[] {
  return tables.flatMap(({ family, name: table, sets }) =>
    sets
      .filter(({ flags }) => flags.includes('timeout'))
      .map(({ name, data }) => ({ table: `${family} ${table}`, kind: data === null ? 'set' : 'map', name }) as const),
  );
}
