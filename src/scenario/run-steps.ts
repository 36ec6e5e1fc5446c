/** Runs the steps of a scenario on a live lab and compares what happened with what was expected. */
import { SglabError } from '../errors.js';
import type { Lab } from '../lab/lab.js';
import type { RunReport, StepResult } from '../verdict/types.js';
import type { StepOutcome } from './steps/step-kind.js';
import { STEP_KINDS, type Step } from './steps.js';
import type { Scenario } from './types.js';

export interface RunnerOptions {
  /** Ends the run between two steps. */
  readonly signal?: AbortSignal;
  readonly onStep?: (done: number, total: number, step: Step) => void;
}

export async function runSteps(live: Lab, scenario: Scenario, options: RunnerOptions = {}): Promise<RunReport> {
  const started = performance.now();
  const steps: StepResult[] = [];
  for (const [at, step] of scenario.steps.entries()) {
    options.signal?.throwIfAborted();
    options.onStep?.(at, scenario.steps.length, step);
    steps.push(await timed(step, () => runStep(live, step, options.signal)));
  }
  const count = (status: StepResult['status']) => steps.filter((step) => step.status === status).length;
  return {
    scenario: scenario.name,
    description: scenario.description,
    passed: count('passed'),
    failed: count('failed'),
    unknown: count('unknown'),
    steps,
    ms: performance.now() - started,
  };
}

/** A step that throws has failed; the ones after it still run, so that one report says everything. */
async function timed(step: Step, action: () => Promise<StepOutcome>): Promise<StepResult> {
  const started = performance.now();
  const kind = step.type === 'mutate' ? step.mutation.type : step.type;
  const base = { name: step.name, kind, expected: null, stage: null, leg: null, rule: null, explanation: '' };
  try {
    const outcome = await action();
    return { ms: performance.now() - started, ...base, ...outcome };
  } catch (error) {
    if (!(error instanceof SglabError)) throw error;
    const ms = performance.now() - started;
    return { ...base, status: 'failed', outcome: 'error', explanation: error.message, ms };
  }
}

export function runStep(live: Lab, step: Step, signal?: AbortSignal): Promise<StepOutcome> {
  return STEP_KINDS[step.type].run(live, step, signal);
}
