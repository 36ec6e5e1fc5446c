import { byId } from '../cloud/lookup.js';
import { resolveInterface } from '../cloud/text/endpoint.js';
import type { Cloud } from '../cloud/types.js';
import { cardNamespace } from '../kernel/lab-names.js';
import { closeNetns, type Netns, openNetns } from '../kernel/netns.js';

/**
 * Runs an action in the namespace of an interface's card.
 * @param word an instance (its primary interface) or an interface @throws CloudError for an unknown one
 */
export async function inCard<T>(cloud: Cloud, word: string, action: (netns: Netns) => Promise<T>): Promise<T> {
  const eni = resolveInterface(cloud, word);
  const instance = byId(cloud.instances, eni.instanceId);
  const netns = openNetns(cardNamespace(cloud.name, instance.name, eni.deviceIndex));
  try {
    return await action(netns);
  } finally {
    closeNetns(netns);
  }
}
