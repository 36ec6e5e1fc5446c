import { byId } from '../cloud/lookup.js';
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
