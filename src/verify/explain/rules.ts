/** The rules that a stage evaluated, each with the reasons why it does not match; the nearest to matching first. */

import type { Direction, SecurityGroup, SecurityGroupRule } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import { entryText, networkAclOf } from '../../cloud/network/network-acl.js';
import type { NetworkAclEntry } from '../../cloud/network/types.js';
import { entryId } from '../../cloud/text/network-acl-text.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import type { CardVerdict } from '../../oracle/card.js';
import type { ModelHop } from '../../oracle/journey.js';
import { type Mismatch, mismatches } from '../../oracle/match.js';
import { entryMismatches } from '../../oracle/network-acl.js';
import type { ModelPacket } from '../../oracle/packet.js';
import type { RuleView } from './types.js';

/** A rule as far as the model knows it; the kernel's part comes later. */
export type ConsideredRule = Omit<RuleView, 'decidedInKernel' | 'packets'>;

/** The distance that each kind of mismatch adds: another protocol is furthest. */
const DISTANCE: Readonly<Record<Mismatch['kind'], number>> = { peer: 1, port: 1, icmp: 1, family: 2, protocol: 4 };

export function rulesAt(cloud: Cloud, hop: ModelHop): ConsideredRule[] {
  if (hop.card !== null) return groupRules(cloud, hop.card, hop.packet);
  if (hop.subnetId === null) return [];
  if (hop.stage === 'nacl-inbound') return aclEntries(cloud, hop.subnetId, 'ingress', hop);
  return hop.stage === 'nacl-outbound' ? aclEntries(cloud, hop.subnetId, 'egress', hop) : [];
}

function groupRules(cloud: Cloud, { considered, peer }: CardVerdict, packet: ModelPacket): ConsideredRule[] {
  const found = considered.flatMap(({ ruleId }) => findRule(cloud, ruleId) ?? []);
  const judged = found.map(({ rule, group }) => {
    const reasons = mismatches(cloud, rule, packet, peer);
    const view = { id: rule.id, of: group.name, rule: ruleText(cloud, rule), description: rule.description };
    return { distance: distance(reasons, rule, packet), view: { ...view, ...reasonsOf(reasons) } };
  });
  return judged.sort((a, b) => a.distance - b.distance).map(({ view }) => view);
}

/** Entries in the order of their evaluation, up to the one that decides. */
function aclEntries(cloud: Cloud, subnetId: string, direction: Direction, hop: ModelHop): ConsideredRule[] {
  const list = networkAclOf(cloud, byId(cloud.subnets, subnetId));
  const entries = list.entries.filter((entry) => entry.direction === direction).sort((a, b) => a.number - b.number);
  const decides = entries.findIndex((entry) => entryId(list, entry.number) === hop.rule);
  const asked = decides < 0 ? entries : entries.slice(0, decides + 1);
  return asked.map((entry: NetworkAclEntry) => ({
    id: entryId(list, entry.number),
    of: list.name,
    rule: `${entry.number} ${entryText(entry)}`,
    description: null,
    ...reasonsOf(entryMismatches(entry, hop.packet)),
  }));
}

export function findRule(cloud: Cloud, ruleId: string): { rule: SecurityGroupRule; group: SecurityGroup } | null {
  for (const group of Object.values(cloud.securityGroups)) {
    const rule = group.rules.find(({ id }) => id === ruleId);
    if (rule !== undefined) return { rule, group };
  }
  return null;
}

function reasonsOf(reasons: readonly Mismatch[]): Pick<ConsideredRule, 'matches' | 'mismatches'> {
  return { matches: reasons.length === 0, mismatches: reasons.map(({ text }) => text) };
}

/** Among rules with the same mismatches, the one with the closer port is nearer. */
function distance(reasons: readonly Mismatch[], { fromPort, toPort }: SecurityGroupRule, packet: ModelPacket): number {
  const steps = reasons.reduce((sum, { kind }) => sum + DISTANCE[kind], 0);
  if (!reasons.some(({ kind }) => kind === 'port')) return steps;
  const ports = [fromPort ?? 0, toPort ?? 0].map((port) => Math.abs(port - packet.destinationPort));
  return steps + Math.min(...ports) / 65_536;
}
