/** What stands on an assumption: packets that such a network stops say nothing of the one that is meant. */
import { assumedAbout } from '../../cloud/assumptions.js';
import { groupInterfaces } from '../../cloud/groups/members.js';
import { findById } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import { interfaceLabel, type SentProbe } from './pairs.js';
import type { Claim, Proof } from './types.js';

/** Claims that a packet proves by arriving, wherever it came through; the others rest on packets that did not arrive. */
const PROVED_BY_ARRIVAL: readonly Claim['type'][] = ['passes', 'admitted-by', 'acts'];

/** The proof, unless something on the way of its packets is assumed and it is no packet's arrival. */
export function unlessAssumed(cloud: Cloud, claim: Claim, sent: readonly SentProbe[], proof: Proof): Proof {
  if (proof.status === 'not-tried') return proof;
  if (proof.status === 'proved' && PROVED_BY_ARRIVAL.includes(claim.type)) return proof;
  const [first, ...more] = assumedAbout(cloud, interfacesOfProbes(cloud, sent));
  if (first === undefined) return proof;
  const rest = more.length === 0 ? '' : `, and ${more.length} more`;
  return { status: 'not-tried', reason: `the network is assumed (${first}${rest})`, unknown: false };
}

function interfacesOfProbes(cloud: Cloud, sent: readonly SentProbe[]): string[] {
  const words = new Set(sent.flatMap(({ pair }) => [pair.from, pair.to]));
  return Object.values(cloud.networkInterfaces)
    .filter((eni) => words.has(interfaceLabel(cloud, eni)))
    .map(({ id }) => id);
}

/** Groups in use of which not all rules are known: what is wrong with the others nobody can tell. */
export function assumedGroups(cloud: Cloud): string[] {
  const ids = new Set(Object.values(cloud.assumed).flat());
  return [...ids]
    .filter((id) => findById(cloud.securityGroups, id) !== undefined && groupInterfaces(cloud, id).length > 0)
    .map((id) => cloud.securityGroups[id]?.name ?? id);
}
