/** The connections that an interface's card remembers, with the rule that admitted each. */

import { familiesOf } from '../cloud/groups/members.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId, interfaceName } from '../cloud/lookup.js';
import { resolveInterface } from '../cloud/text/endpoint.js';
import type { Cloud } from '../cloud/types.js';
import type { ConntrackEntry } from '../kernel/conntrack.js';
import type { Netns } from '../kernel/netns.js';
import { countedDrops } from '../kernel/nft.js';
import { MARK_RULE_MASK, MARK_UNTRACKED, OVER_ALLOWANCE } from '../ruleset/names.js';
import { inCard } from './in-card.js';
import { ruleIdsByIndex } from './sighting.js';
import { trackedFlows } from './tracked-flows.js';
import { type Tracking, whyTracked } from './why-tracked.js';

/** `state` is `STREAM` for UDP with more than one request and response, `PAIR` for other protocols. */
export interface Connection extends ConntrackEntry, Tracking {
  /** Id of the rule that admitted it; null when the rule is gone, or when none did (exempt services). */
  readonly rule: string | null;
}

export interface Connections {
  /** `web-1.eth0` */
  readonly interface: string;
  /** Packets of connections that would have been one too many, by the name that AWS's driver gives the counter (ENA). */
  readonly conntrack_allowance_exceeded: number;
  /** How many more connections may be tracked; null where there is no limit. */
  readonly conntrack_allowance_available: number | null;
  readonly connections: readonly Connection[];
}

/** @param word an instance or interface @throws CloudError for an unknown one */
export async function connectionsOf(cloud: Cloud, word: string): Promise<Connections> {
  const eni = resolveInterface(cloud, word);
  const allowance = byId(cloud.instances, eni.instanceId).connectionAllowance;
  const [entries, exceeded] = await inCard(cloud, word, (netns) =>
    Promise.all([trackedFlows(netns, familiesOf(eni)), allowance === null ? 0 : dropsOverAllowance(netns)]),
  );
  const connections = entries.map((entry) => connectionOf(cloud, eni, entry));
  const counted = connections.filter(isCounted).length;
  return {
    interface: interfaceName(cloud, eni.id),
    conntrack_allowance_exceeded: exceeded,
    conntrack_allowance_available: allowance === null ? null : Math.max(0, allowance - counted),
    connections,
  };
}

/** The kernel counts entries of flows that a rule admitted, except TCP connections that have ended. */
function isCounted({ tracked, state, mark }: Connection): boolean {
  return tracked && mark !== 0 && !['PAIR', 'TIME_WAIT', 'CLOSE'].includes(state ?? '');
}

/** The connections of every interface of the lab. */
export function allConnections(cloud: Cloud): Promise<Connections[]> {
  return Promise.all(Object.keys(cloud.networkInterfaces).map((id) => connectionsOf(cloud, id)));
}

function connectionOf(cloud: Cloud, eni: NetworkInterface, entry: ConntrackEntry): Connection {
  const rule = ruleIdsByIndex(cloud).get(entry.mark & MARK_RULE_MASK) ?? null;
  return { ...entry, rule, ...whyTracked(cloud, eni, { ...entry, rule, tracked: entry.mark < MARK_UNTRACKED }) };
}

async function dropsOverAllowance(netns: Netns): Promise<number> {
  const drops = await countedDrops(netns, 'inet sg', Object.values(OVER_ALLOWANCE));
  return drops.reduce((sum, packets) => sum + packets, 0);
}
