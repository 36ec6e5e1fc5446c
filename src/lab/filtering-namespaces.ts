import { INSTANCE_KINDS } from '../cloud/instances/kinds.js';
import type { Instance, InstanceKind } from '../cloud/instances/types.js';
import { byId, findById } from '../cloud/lookup.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { cardNamespace } from '../kernel/lab-names.js';
import type { States } from './namespace-state.js';

export interface FilteringNamespace {
  readonly namespace: string;
  /** The interface whose card it is; null for a router. */
  readonly interfaceId: string | null;
}

/** Every namespace with a ruleset of ours: where packets can stop. */
export function filteringNamespaces(cloud: Cloud, states: States): FilteringNamespace[] {
  const cards = new Map(
    Object.values(cloud.networkInterfaces).map((eni) => {
      const instance = byId(cloud.instances, eni.instanceId);
      return [cardNamespace(cloud.name, instance.name, eni.deviceIndex), eni.id];
    }),
  );
  return [...states.values()]
    .filter(({ ruleset }) => ruleset !== null)
    .map(({ name }) => ({ namespace: name, interfaceId: cards.get(name) ?? null }));
}

/**
 * Where the packets of a question may pass: every router and gateway, whatever forwards for others, and the cards of its two
 * machines, not those of all other machines. A flow may be open whose machine is gone.
 */
export function namespacesOfQuestion(cloud: Cloud, states: States, { from, to }: ProbeQuestion): string[] {
  const known = cache.get(cloud) ?? placesOf(cloud, states);
  cache.set(cloud, known);
  const ends = [from, to].flatMap((end) =>
    end.kind === 'interface' ? (findById(cloud.networkInterfaces, end.interfaceId)?.instanceId ?? []) : [],
  );
  return [...known.shared, ...[...new Set(ends)].flatMap((id) => known.cards.get(id) ?? [])];
}

interface Places {
  /** Those where any packet may pass. */
  readonly shared: readonly string[];
  /** Those of machines that forward nothing, by the id of the instance. */
  readonly cards: ReadonlyMap<string, readonly string[]>;
}

const cache = new WeakMap<Cloud, Places>();

function placesOf(cloud: Cloud, states: States): Places {
  const shared: string[] = [];
  const cards = new Map<string, string[]>();
  for (const { namespace, interfaceId } of filteringNamespaces(cloud, states)) {
    const instance = interfaceId === null ? null : instanceOf(cloud, interfaceId);
    const checks = interfaceId !== null && byId(cloud.networkInterfaces, interfaceId).sourceDestCheck;
    if (instance === null || !checks || !PLAIN_KINDS.has(instance.kind)) shared.push(namespace);
    else cards.set(instance.id, [...(cards.get(instance.id) ?? []), namespace]);
  }
  return { shared, cards };
}

/** These forward nothing for others. */
const PLAIN_KINDS: ReadonlySet<InstanceKind> = new Set(INSTANCE_KINDS);

function instanceOf(cloud: Cloud, interfaceId: string): Instance {
  return byId(cloud.instances, byId(cloud.networkInterfaces, interfaceId).instanceId);
}
