/** Proposes the narrowest rules and entries that would let a dropped packet pass. */

import type { Mutation } from '../../changes/verbs.js';
import { groupInterfaces } from '../../cloud/groups/members.js';
import type { SecurityGroup } from '../../cloud/groups/types.js';
import { traitsOfInterface } from '../../cloud/instances/kinds.js';
import { byId } from '../../cloud/lookup.js';
import { hostCidr } from '../../cloud/network/cidr.js';
import { networkAclOf } from '../../cloud/network/network-acl.js';
import { readEntryId } from '../../cloud/text/network-acl-text.js';
import type { UnresolvedRule } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import type { ModelHop } from '../../oracle/journey.js';
import type { PeerView } from '../../oracle/match.js';
import type { Leg } from '../../verdict/types.js';
import { groupReference, otherEnd, trafficOf, unambiguousName } from './references.js';

const LAST_NUMBER = 32_766;
const STEP = 10;

/**
 * One rule for each group of the interface; the group with the fewest interfaces comes first, as the rule affects them
 * all.
 */
export function ruleProposals(cloud: Cloud, hop: ModelHop, leg: Leg): Mutation[] {
  const eni = byId(cloud.networkInterfaces, hop.interface ?? '');
  const direction = hop.stage === 'sg-egress' ? 'egress' : 'ingress';
  if (hop.card === null || traitsOfInterface(cloud, eni)[direction] === 'closed') return [];
  const rule: UnresolvedRule = {
    direction,
    ...trafficOf(hop.packet, leg),
    peer: narrowestPeer(cloud, hop.card.peer),
    description: null,
  };
  const groups = [...new Set(eni.groupIds)].map((id) => byId(cloud.securityGroups, id));
  return bySize(cloud, groups).map((group) => ({
    type: 'authorize',
    group: groupReference(cloud, group),
    rules: [rule],
  }));
}

/** A group whose only member is the peer means the same as the peer's address, and remains true if that changes. */
function narrowestPeer(cloud: Cloud, { address, groupIds }: PeerView): string {
  const groups = [...groupIds].map((id) => byId(cloud.securityGroups, id));
  const own = groups.find((group) => groupInterfaces(cloud, group.id).length === 1);
  return own === undefined ? hostCidr(address) : groupReference(cloud, own);
}

function bySize(cloud: Cloud, groups: readonly SecurityGroup[]): SecurityGroup[] {
  const size = ({ id }: SecurityGroup) => groupInterfaces(cloud, id).length;
  return [...groups].sort((a, b) => size(a) - size(b));
}

/** An entry that precedes the one that denies; if no number is left for it, the denying entry is removed. */
export function entryProposals(cloud: Cloud, hop: ModelHop, leg: Leg): Mutation[] {
  const list = networkAclOf(cloud, byId(cloud.subnets, hop.subnetId ?? ''));
  const name = unambiguousName(cloud.networkAcls, list);
  const direction = hop.stage === 'nacl-outbound' ? 'egress' : 'ingress';
  const taken = list.entries.filter((entry) => entry.direction === direction).map((entry) => entry.number);
  const denied = hop.rule === null ? null : (readEntryId(cloud, hop.rule)?.number ?? null);
  const number = denied === null ? numberAfter(taken) : numberBefore(denied, taken);
  if (number === null) {
    return denied === null ? [] : [{ type: 'network-acl', name, set: [], remove: [{ direction, number: denied }] }];
  }
  const entry = { number, direction, action: 'allow', ...trafficOf(hop.packet, leg) } as const;
  return [{ type: 'network-acl', name, set: [{ ...entry, cidr: otherEnd(hop.packet, direction) }], remove: [] }];
}

function numberAfter(taken: readonly number[]): number | null {
  const next = Math.ceil((Math.max(0, ...taken) + 1) / STEP) * STEP;
  return next <= LAST_NUMBER ? next : numberBefore(LAST_NUMBER + 1, taken);
}

/** No entry before the denying one matches, so any free number there will do. */
function numberBefore(denied: number, taken: readonly number[]): number | null {
  for (let number = denied - 1; number >= 1; number -= 1) if (!taken.includes(number)) return number;
  return null;
}
