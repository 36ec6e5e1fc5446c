/**
 * Finds the rules and entries whose removal stops a probe that passes: all that match at one stage, tried on the model.
 */
import { applyMutation } from '../../changes/mutation.js';
import type { Mutation } from '../../changes/verbs.js';
import { readEntryId } from '../../cloud/text/network-acl-text.js';
import type { Cloud } from '../../cloud/types.js';
import type { ModelHop } from '../../oracle/journey.js';
import type { Leg } from '../../verdict/types.js';
import { changeOf } from './change.js';
import { type Question, queryModel } from './query-model.js';
import { groupReference, toUnresolvedRule, unambiguousName } from './references.js';
import { isRuledOut } from './ruled-out.js';
import { findRule } from './rules.js';
import { fewest } from './smallest.js';
import type { Change, ExplainContext, Remedy } from './types.js';

interface HopOfLeg {
  readonly leg: Leg;
  readonly hop: ModelHop;
}

/** @returns a remedy for each stage whose rules let it pass; the one of the fewest changes first, network ACLs last */
export function toStop({ cloud, ruledOut }: ExplainContext, question: Question): Remedy[] {
  const { outcome, request, reply } = queryModel(cloud, question);
  if (outcome !== 'connected') return [];
  const places = [
    ...request.map((hop): HopOfLeg => ({ leg: 'request', hop })),
    ...reply.map((hop): HopOfLeg => ({ leg: 'reply', hop })),
  ];
  const isStopped = (changed: Cloud) => queryModel(changed, question).outcome !== 'connected';
  const remedies = places
    .flatMap((place) => removingAt(cloud, question, place) ?? [])
    .filter(({ changes }) => !changes.some(({ mutation }) => isRuledOut(mutation, ruledOut)))
    .map((remedy) => ({ ...remedy, changes: fewest(cloud, remedy.changes, isStopped) }));
  return remedies.sort((a, b) => rank(a) - rank(b));
}

/** Rules come first: an entry affects a whole subnet. */
function rank({ changes }: Remedy): number {
  return changes.length + (changes[0]?.mutation.type === 'network-acl' ? 10_000 : 0);
}

/** Removes what admits the packet there until it is dropped: after one entry another may match. */
function removingAt(cloud: Cloud, question: Question, place: HopOfLeg): Remedy | null {
  let current = cloud;
  const changes: Change[] = [];
  for (;;) {
    const verdict = queryModel(current, question);
    if (verdict.outcome !== 'connected') return { changes, verified: true, obstacle: null, tried: 0, provided: null };
    const hop = verdict[place.leg].find((each) => isSamePlace(each, place.hop));
    const removals = hop === undefined ? [] : removalsAt(current, hop);
    if (hop === undefined || removals.length === 0) return null;
    for (const mutation of removals) {
      changes.push(changeOf(current, verdict, { type: 'dropped', leg: place.leg, hop }, mutation));
      current = applyMutation(current, mutation);
    }
  }
}

function isSamePlace(a: ModelHop, b: ModelHop): boolean {
  return a.stage === b.stage && a.interface === b.interface && a.subnetId === b.subnetId;
}

function removalsAt(cloud: Cloud, { stage, card, rule }: ModelHop): Mutation[] {
  if (card !== null) {
    return card.because === 'rule' ? card.ruleIds.flatMap((id) => revocationOf(cloud, id)) : [];
  }
  const entry = rule === null ? null : readEntryId(cloud, rule);
  if (entry === null || entry.number === null) return [];
  const direction = stage === 'nacl-outbound' ? 'egress' : 'ingress';
  const remove = [{ direction, number: entry.number } as const];
  return [{ type: 'network-acl', name: unambiguousName(cloud.networkAcls, entry.list), set: [], remove }];
}

function revocationOf(cloud: Cloud, ruleId: string): Mutation[] {
  const found = findRule(cloud, ruleId);
  if (found === null) return [];
  const group = groupReference(cloud, found.group);
  return [{ type: 'revoke', group, rules: [toUnresolvedRule(cloud, found.rule)], ruleIds: [] }];
}
