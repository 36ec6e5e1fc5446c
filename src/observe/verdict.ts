/** From what was seen of a probe to its result: outcome, stage, rule, path. */

import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { type Leg, type Outcome, type PathEntry, type ProbeResult, STAGES, type Stage } from '../verdict/types.js';
import { deniedBy } from './denied-by.js';
import { explain } from './explain.js';
import { rulesByIndex } from './rules-by-index.js';
import type { Seen } from './sighting.js';

/** What is known when a probe is over. */
export interface Evidence {
  readonly question: ProbeQuestion;
  readonly seen: readonly Seen[];
  readonly ms: number;
}

/** How the client felt about it; `reason` where the outcome alone does not say it. */
export interface Answer {
  readonly outcome: Outcome;
  readonly reason: string | null;
}

/** @param tracked cards that the request passed as part of a tracked connection */
export function probeResult(
  cloud: Cloud,
  names: { readonly from: string; readonly to: string },
  evidence: Evidence,
  answer: Answer,
  tracked: readonly PathEntry[],
): ProbeResult {
  const { question, seen, ms } = evidence;
  const drop = answer.outcome === 'timed-out' ? seen.find(({ sighting }) => sighting.verdict === 'drop') : undefined;
  const path = pathOf(cloud, evidence, answer, tracked);
  const stop = drop ? { stage: drop.sighting.stage, leg: drop.leg } : stopAtListener(answer);
  const result = {
    ...names,
    protocol: question.protocol,
    port: question.port,
    outcome: answer.outcome,
    stage: stop?.stage ?? null,
    leg: stop?.leg ?? null,
    rule: drop ? deniedBy(cloud, drop.sighting) : null,
    path,
    ms: Math.round(ms * 1000) / 1000,
  };
  return { ...result, explanation: explain(cloud, { ...result, question, drop: drop ?? null, reason: answer.reason }) };
}

/** The machine itself said no, or said nothing although its card let the packet in. */
function stopAtListener({ outcome, reason }: Answer): { stage: Stage; leg: Leg } | null {
  const silent = outcome === 'timed-out' && reason === 'silent';
  return outcome === 'refused' || silent ? { stage: 'listener', leg: 'request' } : null;
}

/** Reports of different namespaces arrive in any order: the path puts them into the packet's. */
function pathOf(cloud: Cloud, { seen }: Evidence, answer: Answer, tracked: readonly PathEntry[]): PathEntry[] {
  const rules = rulesByIndex(cloud);
  const entries = seen.map(({ sighting, leg }): PathEntry => {
    return {
      stage: sighting.stage,
      leg,
      verdict: sighting.verdict,
      rule: rules.get(sighting.ruleIndex) ?? deniedBy(cloud, sighting),
      interface: sighting.interfaceId,
    };
  });
  const refused = answer.outcome === 'refused' ? [listenerEntry('refuse')] : [];
  const answered = answer.outcome === 'connected' ? [listenerEntry('pass')] : [];
  return [...entries, ...tracked, ...refused, ...answered].sort(inPathOrder);
}

function listenerEntry(verdict: 'pass' | 'refuse'): PathEntry {
  return { stage: 'listener', leg: 'request', verdict, rule: null, interface: null };
}

function inPathOrder(a: PathEntry, b: PathEntry): number {
  if (a.leg !== b.leg) return a.leg === 'request' ? -1 : 1;
  return STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage);
}
