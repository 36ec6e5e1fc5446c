/** Namespaces and links, made and removed all at once. */
import { endInhabitants } from '../kernel/inhabitants.js';
import { ipBatch, ipBatches } from '../kernel/ip.js';
import { addBridges, addLink, addNamespace, removeNamespace } from './ip-commands.js';
import type { LinkPlan, NamespacePlan } from './plan.js';

/** As many links are made as soon by one process as by several. */
const FEW_LINKS = 8;

export function makeNamespaces(names: readonly string[]): Promise<void> {
  return ipBatches(names.map(addNamespace));
}

/** @param create namespaces whose bridges are made, too: links may be ports of them */
export async function makeLinks(create: readonly NamespacePlan[], links: readonly LinkPlan[]): Promise<void> {
  const bridges = create.flatMap(addBridges);
  const pairs = links.map(addLink);
  if (pairs.length <= FEW_LINKS) return ipBatch([...bridges, ...pairs]);
  await ipBatch(bridges);
  await ipBatches(pairs);
}

/** With the processes inside, which are asked to end first. */
export async function removeNamespaces(names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await endInhabitants(names);
  await ipBatch(names.map(removeNamespace));
}
