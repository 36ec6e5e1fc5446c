/** All findings that follow from the rules alone; prove.ts adds proofs by packets. */
import type { Cloud } from '../../cloud/types.js';
import { SEVERITIES, typeOf } from './catalogue.js';
import { groupUse } from './group-use.js';
import { deniedByNetworkAcl } from './network-acls.js';
import { databaseEgress, openToWorld } from './open-to-world.js';
import { wideRanges } from './ranges.js';
import { redundantRules } from './redundant.js';
import { rulesWithoutPeers } from './rules-without-peers.js';
import type { Finding } from './types.js';

const FAMILIES = [
  openToWorld,
  wideRanges,
  groupUse,
  redundantRules,
  rulesWithoutPeers,
  databaseEgress,
  deniedByNetworkAcl,
] as const;

/** The most severe first, then by id, then in the cloud's order. */
export function findAll(cloud: Cloud): Finding[] {
  return FAMILIES.flatMap((find) => find(cloud)).sort(bySeverity);
}

function bySeverity(a: Finding, b: Finding): number {
  const [one, other] = [typeOf(a.kind), typeOf(b.kind)];
  return SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) || one.id.localeCompare(other.id, 'en');
}
