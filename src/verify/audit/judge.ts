/** Judges a claim by the packets that were sent for it. */

import type { SecurityGroupRule } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import type { ProbeResult, Stage } from '../../verdict/types.js';
import { decidingHop, type Pair, pairsFor, type SentProbe } from './pairs.js';
import { coversPeer, coversRule } from './rule-coverage.js';
import type { Claim, Proof } from './types.js';

type Provable = Exclude<Claim, { type: 'no-packet' }>;
type AdmitsNothing = Extract<Claim, { type: 'admits-nothing' }>;

/** @param sent at least one */
export function judge(cloud: Cloud, claim: Provable, sent: readonly SentProbe[]): Proof {
  const known = sent.filter(({ probe }) => probe.outcome !== 'unknown');
  const [first] = sent;
  if (known.length === 0) {
    return { status: 'not-tried', reason: `unknown: ${first?.words}: ${first?.probe.explanation}`, unknown: true };
  }
  switch (claim.type) {
    case 'passes':
      return judgePasses(cloud, claim.rule, known);
    case 'admitted-by':
      return judgeAdmittedBy(cloud, claim.rule, claim.by, known);
    case 'admits-nothing':
      return judgeAdmitsNothing(cloud, claim, known);
    case 'stops-at':
      return judgeStopsAt(claim.stages, known);
    case 'acts':
      return judgeActs(cloud, claim.groupId, known);
  }
}

/**
 * The proof is a packet that arrived and was admitted by the rule, or by one that admits every peer of this rule: a
 * packet that a narrower rule admits proves nothing about this one.
 */
function judgePasses(cloud: Cloud, rule: SecurityGroupRule, sent: readonly SentProbe[]): Proof {
  const passed = sent.filter((each) => decidingHop(rule, each) !== undefined && hasArrived(rule, each.probe));
  const proof = passed.find((each) => {
    const by = ruleById(cloud, decidingHop(rule, each)?.rule ?? null);
    return by !== undefined && (by.id === rule.id || coversPeer(cloud, by.peer, rule.peer));
  });
  if (proof !== undefined) return verdict('proved', `${proof.words} ${arrivalText(cloud, rule, proof)}`, proof, sent);
  const [other] = passed;
  if (other !== undefined) {
    const by = ruleById(cloud, decidingHop(rule, other)?.rule ?? null);
    return notTried(`${other.words} passed by ${describe(cloud, by)}, which says nothing about this rule`);
  }
  const stopped = sent.find(({ probe }) => isStoppedOnTheWay(rule, probe));
  if (stopped === undefined) {
    const [best] = sent;
    return notTried(`not provable here: ${best?.words} stopped at ${stopText(best)} before the rule was evaluated`);
  }
  return verdict(
    'refuted',
    `open in the group, but ${stopped.words} stopped at ${stopText(stopped)}: ${stopped.probe.explanation}`,
    stopped,
    sent,
  );
}

function judgeAdmittedBy(
  cloud: Cloud,
  rule: SecurityGroupRule,
  by: SecurityGroupRule,
  sent: readonly SentProbe[],
): Proof {
  const proof = sent.find((each) => {
    const decided = ruleById(cloud, decidingHop(rule, each)?.rule ?? null);
    return (
      decided !== undefined && decided.id !== rule.id && (decided.id === by.id || coversRule(cloud, decided, rule))
    );
  });
  if (proof !== undefined) {
    const decided = ruleById(cloud, decidingHop(rule, proof)?.rule ?? null);
    return verdict(
      'proved',
      `${proof.words} was admitted by ${describe(cloud, decided)}, not by this rule`,
      proof,
      sent,
    );
  }
  const self = sent.find((each) => decidingHop(rule, each)?.rule === rule.id);
  if (self !== undefined) return notTried(`not provable here: the kernel names this rule first for ${self.words}`);
  const [best] = sent;
  return notTried(`not provable here: ${best?.words} stopped at ${stopText(best)}`);
}

/**
 * A single packet that the rule admits refutes the claim. A packet that another rule admits shows nothing; the claim is
 * supported by packets that the group dropped, and by packets of the rule's own peers that were stopped on their way.
 */
function judgeAdmitsNothing(cloud: Cloud, claim: AdmitsNothing, sent: readonly SentProbe[]): Proof {
  const { groupId, rule } = claim;
  const admitted = sent.find(({ probe }) => probe.path.some((entry) => entry.rule === rule.id));
  if (admitted !== undefined) return verdict('refuted', `${admitted.words} was admitted by it`, admitted, sent);
  const peers = pairsFor(cloud, groupId, rule, false).map(pairText);
  const stage = rule.direction === 'ingress' ? 'sg-ingress' : 'sg-egress';
  const conclusive = sent.filter((each) => {
    const isDropped = each.probe.stage === stage && each.probe.leg === 'request';
    return isDropped || (peers.includes(pairText(each.pair)) && isStoppedOnTheWay(rule, each.probe));
  });
  const [best] = conclusive;
  if (best === undefined) return notTried('not provable here: other rules admit everything that the lab can send');
  const count = conclusive.length === 1 ? '' : `, and ${conclusive.length - 1} more did not pass either`;
  return verdict('proved', `${best.words} ${outcomeText(best)}${count}`, best, sent);
}

function pairText({ from, to }: Pair): string {
  return `${from} ${to}`;
}

function judgeStopsAt(stages: readonly Stage[], sent: readonly SentProbe[]): Proof {
  const arrived = sent.find(({ probe }) => probe.outcome === 'connected' || probe.outcome === 'refused');
  if (arrived !== undefined) return verdict('refuted', `${arrived.words} ${outcomeText(arrived)}`, arrived, sent);
  const stopped = sent.find(({ probe }) => probe.stage !== null && stages.includes(probe.stage));
  if (stopped !== undefined) {
    return verdict(
      'proved',
      `${stopped.words} stopped at ${stopText(stopped)}: ${stopped.probe.explanation}`,
      stopped,
      sent,
    );
  }
  const [best] = sent;
  return notTried(`not provable here: ${best?.words} stopped at ${stopText(best)}`);
}

function judgeActs(cloud: Cloud, groupId: string, sent: readonly SentProbe[]): Proof {
  const ids = new Set(byId(cloud.securityGroups, groupId).rules.map(({ id }) => id));
  const decided = ({ probe }: SentProbe) =>
    probe.path.find(({ rule, verdict: word }) => word === 'pass' && rule !== null && ids.has(rule));
  const proof = sent.find((each) => decided(each) !== undefined);
  const [best] = sent;
  if (proof !== undefined) {
    const by = ruleById(cloud, decided(proof)?.rule ?? null);
    return verdict('proved', `${proof.words} was admitted by ${describe(cloud, by)}`, proof, sent);
  }
  if (best === undefined) return notTried('nothing was sent');
  return verdict('refuted', `no rule of the group admitted any of ${sent.length} packets`, best, sent);
}

/**
 * The packet counts if it got to the member itself, or beyond its own VPC: one that stops on its way has shown only the
 * group's decision.
 */
function hasArrived(rule: SecurityGroupRule, { outcome, stage, leg }: ProbeResult): boolean {
  if (rule.direction === 'ingress') return true;
  return outcome === 'connected' || outcome === 'refused' || stage === 'listener' || leg === 'reply';
}

/** Drops by the sender's own groups do not count: they say nothing about the receiver's rule. */
function isStoppedOnTheWay(rule: SecurityGroupRule, { stage, leg }: ProbeResult): boolean {
  if (stage === null || leg !== 'request') return false;
  return rule.direction === 'egress' ? stage !== 'sg-ingress' : stage !== 'sg-egress';
}

function arrivalText(cloud: Cloud, rule: SecurityGroupRule, sent: SentProbe): string {
  const by = decidingHop(rule, sent)?.rule ?? null;
  const other = by === rule.id || by === null ? '' : `, by ${describe(cloud, ruleById(cloud, by))}`;
  return `${outcomeText(sent)}${other}`;
}

function outcomeText({ probe }: SentProbe): string {
  const { outcome, stage, leg } = probe;
  if (outcome === 'connected') return probe.protocol === 'tcp' ? 'connected' : 'was answered';
  if (outcome === 'refused') return 'arrived; nothing listens there now';
  if (stage === 'listener') return 'arrived; nothing answers there now';
  if (leg === 'reply') return `arrived; its answer stopped at ${stage}`;
  return `stopped at ${stage ?? 'an ICMP error'}: ${probe.explanation}`;
}

function stopText(sent: SentProbe | undefined): string {
  return sent?.probe.stage ?? 'an ICMP error';
}

function ruleById(cloud: Cloud, id: string | null): SecurityGroupRule | undefined {
  return Object.values(cloud.securityGroups)
    .flatMap(({ rules }) => rules)
    .find((rule) => rule.id === id);
}

function describe(cloud: Cloud, rule: SecurityGroupRule | undefined): string {
  return rule === undefined ? 'no rule' : `${rule.id} ("${ruleText(cloud, rule)}")`;
}

function verdict(
  status: 'proved' | 'refuted',
  reason: string,
  { probe }: SentProbe,
  sent: readonly SentProbe[],
): Proof {
  return { status, reason, probe, sent: sent.length };
}

function notTried(reason: string): Proof {
  return { status: 'not-tried', reason, unknown: false };
}
