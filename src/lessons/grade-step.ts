/** The packets of a goal: what the kernel says, whether the model says the same, and what it means. */
import { CloudError } from '../cloud/errors.js';
import { type ProbeSpec, probeText, resolveProbe } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { Lab } from '../lab/lab.js';
import type { FlowStep, OpenStep } from '../scenario/steps/flows.js';
import type { ProbeStep } from '../scenario/steps/probe.js';
import { admittingRule } from '../scenario/steps/step-kind.js';
import { ruleDescriber } from '../verdict/describe-rule.js';
import type { ProbeResult } from '../verdict/types.js';
import { disagreement } from '../verify/compare.js';
import { kernelAnswer } from '../verify/kernel-opinion.js';
import { type ModelOpinion, modelAnswer } from '../verify/model-opinion.js';
import type { Answer } from '../verify/opinion.js';
import { isPredictable } from '../verify/questions.js';
import { disputed, judgeProbe } from './judge.js';
import type { Check } from './types.js';

export interface GradingContext {
  readonly live: Lab;
  /** Has been told whatever the goal has done so far. */
  readonly model: ModelOpinion;
  /** Flows that the model knows of. */
  readonly modelled: Set<string>;
  readonly signal?: AbortSignal;
}

type Graded = Pick<Check, 'status' | 'cause' | 'says' | 'stage' | 'leg' | 'rule'> & Partial<Check>;

export async function gradeProbe(
  { live, model, signal }: GradingContext,
  { probe, expect }: ProbeStep,
): Promise<Graded> {
  const { cloud } = live;
  const absent = expect.outcome === 'timed-out' ? whoIsGone(cloud, probe) : null;
  if (absent !== null)
    return { status: 'passed', cause: null, says: absent, stage: null, leg: null, rule: null, probe };
  const kernel = await live.traffic.probe(probe, signal);
  const other = isModelled(cloud, probe) ? modelAnswer(model.verdictOf(probe)) : null;
  const rule = admittingRule(kernel);
  const judged = judgeProbe(probe, kernel, expect, { admitted: rule, describeRule: ruleDescriber(cloud) });
  const verdict = other !== null && isDisputed(kernel, other) ? disputed(other, kernelAnswer(kernel)) : judged;
  return { ...verdict, stage: kernel.stage, leg: kernel.leg, rule: kernel.rule ?? rule, probe };
}

function isModelled(cloud: Cloud, probe: ProbeSpec): boolean {
  const { from, to } = resolveProbe(cloud, probe);
  return [from, to].every((end) => end.kind === 'external' || isPredictable(cloud, end.interfaceId));
}

/** Says that a machine is gone: nothing passes from or to it. */
function whoIsGone(cloud: Cloud, probe: ProbeSpec): string | null {
  try {
    resolveProbe(cloud, probe);
    return null;
  } catch (error) {
    if (!(error instanceof CloudError) || !error.code.endsWith('.NotFound')) throw error;
    return `${probeText(probe)} is out of the question: ${error.message}`;
  }
}

/**
 * Tells whether model and kernel disagree. The model does not know programs that a trainee started: there the kernel
 * alone decides.
 */
function isDisputed(kernel: ProbeResult, model: Answer): boolean {
  if (kernel.outcome === 'unknown') return false;
  const isOwnProgram = kernel.outcome === 'connected' && model.stage === 'listener';
  return !isOwnProgram && disagreement(kernelAnswer(kernel), model) !== null;
}

export async function gradeOpen(
  { live, model, modelled }: GradingContext,
  { flow, probe, send }: OpenStep,
): Promise<Graded> {
  const { cloud } = live;
  const result = await live.traffic.openFlow(flow, probe, send);
  if (isModelled(cloud, probe)) {
    await model.open(flow, probe);
    modelled.add(flow);
  }
  const rule = admittingRule(result);
  const expect = { outcome: 'connected', stage: null, leg: null, rules: [] } as const;
  const judged = judgeProbe(probe, result, expect, { admitted: rule, describeRule: ruleDescriber(cloud) });
  return { ...judged, stage: result.stage, leg: result.leg, rule: result.rule ?? rule, probe };
}

export async function gradeFlow({ live, model, modelled }: GradingContext, step: FlowStep): Promise<Graded> {
  const { flow, send, expect } = step;
  const kernel = await live.traffic.flows.exchange(flow, send);
  const answer: Answer = { outcome: kernel.outcome, stage: kernel.stage, leg: kernel.leg, rules: [] };
  const other = modelled.has(flow) ? await model.exchange(flow, send) : null;
  const place = { stage: kernel.stage, leg: kernel.leg, rule: kernel.rule };
  const says = kernel.explanation || `the flow ${flow} goes on`;
  if (kernel.outcome === 'unknown') return { status: 'unknown', cause: null, says, ...place };
  if (other !== null && disagreement(answer, other) !== null) return { ...disputed(other, answer), ...place };
  if (kernel.outcome === expect.outcome) return { status: 'passed', cause: null, says, ...place };
  return { status: 'failed', cause: kernel.outcome === 'goes-on' ? 'too-open' : 'closed', says, ...place };
}
