import { withEntry } from '../cloud/by-id.js';
import { createPeering, findPeering } from '../cloud/gateways/peering.js';
import type { Path } from '../source/tree.js';
import { adoptId, type BuildContext } from './build-context.js';
import { findVpcId } from './choose-vpc.js';
import type { PeeringDefinition } from './schema-gateways.js';

/** The peerings, active at first: the rules and routes of the file may have been made while they were. */
export function buildPeerings(context: BuildContext): void {
  for (const [name, definition] of Object.entries(context.definition.peerings ?? {})) {
    const path = ['peerings', name];
    if (!buildPeering(context, path, name, definition)) context.failedNames.add(name);
  }
}

/** Gives each peering the status that the file says. */
export function settlePeerings(context: BuildContext): void {
  for (const [name, { status = 'active' }] of Object.entries(context.definition.peerings ?? {})) {
    const peering = findPeering(context.cloud, name);
    if (peering === undefined || status === 'active') continue;
    context.cloud = { ...context.cloud, peerings: withEntry(context.cloud.peerings, { ...peering, status }) };
  }
}

function buildPeering(
  context: BuildContext,
  path: Path,
  name: string,
  { id, between, dnsResolution = false }: PeeringDefinition,
): boolean {
  const [requesterVpcId, accepterVpcId] = between.map((word, position) =>
    findVpcId(context, [...path, 'between', position], word),
  );
  if (requesterVpcId === undefined || accepterVpcId === undefined) return false;
  const input = { name, requesterVpcId, accepterVpcId, status: 'active', dnsResolution } as const;
  const made = context.problems.attempt(path, () => createPeering(context.cloud, input), 'key');
  context.cloud = made?.cloud ?? context.cloud;
  if (made !== undefined) adoptId(context, path, made.peering.id, id);
  return made !== undefined;
}
