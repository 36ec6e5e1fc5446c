/** Lines for `ip -batch`, run in the host's own namespace: each names the namespace that it is about. */
import type { LinkPlan, NamespacePlan } from './plan.js';

export const addNamespace = (name: string) => `netns add ${name}`;
export const removeNamespace = (name: string) => `netns del ${name}`;

/**
 * The near end is made up and, in a card, a port of its bridge at once: its master can be given as `ifN`, an index in the
 * new link's own namespace, so that no process has to enter it. The far end stays down, hence no packet passes yet.
 */
export function addLink({ near, far, mtu }: LinkPlan): string {
  return [
    `link add ${near.name} index ${near.index}`,
    near.macAddress === undefined ? '' : `address ${near.macAddress}`,
    `netns ${near.namespace} mtu ${mtu} up`,
    near.master === undefined ? '' : `master if${near.master}`,
    `type veth peer name ${far.name}`,
    far.macAddress === undefined ? '' : `address ${far.macAddress}`,
    `netns ${far.namespace} mtu ${mtu}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

export function addBridges({ name, bridges }: NamespacePlan): string[] {
  return bridges.map((bridge) => `link add ${bridge.name} index ${bridge.index} netns ${name} up type bridge`);
}
