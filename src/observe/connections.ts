/** The connections that an interface's card remembers, with the rule that admitted each. */
import { resolveInterface } from '../cloud/endpoint.js';
import { interfaceName } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import { type ConntrackEntry, listConntrack } from '../kernel/conntrack.js';
import { MARK_RULE_MASK, MARK_UNTRACKED } from '../ruleset/names.js';
import { inCard } from './in-card.js';
import { rulesByIndex } from './rules-by-index.js';

export interface Connection extends ConntrackEntry {
  /** Id of the rule that admitted it; null when the rule is gone, or when none did (exempt services). */
  readonly rule: string | null;
  /** False: each of its packets is judged by the rules again (aws-semantics 4.2). */
  readonly tracked: boolean;
}

export interface Connections {
  /** `web-1.eth0` */
  readonly interface: string;
  readonly connections: readonly Connection[];
}

/** @param word an instance or interface @throws CloudError for an unknown one */
export async function connectionsOf(cloud: Cloud, word: string): Promise<Connections> {
  const entries = await inCard(cloud, word, listConntrack);
  const rules = rulesByIndex(cloud);
  return {
    interface: interfaceName(cloud, resolveInterface(cloud, word).id),
    connections: entries.map((entry) => ({
      ...entry,
      rule: rules.get(entry.mark & MARK_RULE_MASK) ?? null,
      tracked: entry.mark < MARK_UNTRACKED,
    })),
  };
}
