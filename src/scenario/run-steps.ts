/** Runs the steps of a scenario on a live lab and compares what happened with what was expected. */
import { SglabError } from '../errors.js';
import type { Lab } from '../lab/lab.js';
import type { RunReport, StepResult } from '../verdict/types.js';
import type { StepOutcomes } from './steps/step-kind.js';
import { STEP_KINDS, type Step } from './steps.js';
import type { Scenario } from './types.js';

export interface RunnerOptions {
  /** Ends the run: what has not come to its end by then counts as not run. */
  readonly signal?: AbortSignal;
  readonly onStep?: (done: number, total: number, step: Step) => void;
  /** Told the results of each step as it ends. */
  readonly onResults?: (results: readonly StepResult[]) => void;
}

export async function runSteps(live: Lab, scenario: Scenario, options: RunnerOptions = {}): Promise<RunReport> {
  const started = performance.now();
  const { signal } = options;
  const steps: StepResult[] = [];
  for (const [at, step] of scenario.steps.entries()) {
    options.onStep?.(at, scenario.steps.length, step);
    const results = signal?.aborted ? null : await resultsOf(live, step, at + 1, signal);
    if (results === null) break;
    steps.push(...results);
    options.onResults?.(results);
  }
  return runReport(scenario, steps, performance.now() - started);
}

/** The report of a run as far as it came; the steps without a result count as not run. */
export function runReport(scenario: Scenario, results: readonly StepResult[], ms: number): RunReport {
  const last = results.at(-1)?.step ?? 0;
  const steps = [...results, ...scenario.steps.slice(last).map((step, at) => notRun(step, last + at + 1))];
  const count = (status: StepResult['status']) => steps.filter((step) => step.status === status).length;
  return {
    scenario: scenario.name,
    description: scenario.description,
    passed: count('passed'),
    failed: count('failed'),
    unknown: count('unknown'),
    notRun: count('not-run'),
    steps,
    ms,
  };
}

/**
 * A step that throws has failed; the ones after it still run, so that one report says everything.
 * @returns null for a step that was interrupted, whatever came of it
 */
async function resultsOf(
  live: Lab,
  step: Step,
  number: number,
  signal: AbortSignal | undefined,
): Promise<StepResult[] | null> {
  const started = performance.now();
  const base = baseOf(step, number);
  try {
    const outcomes = await runStep(live, step, signal);
    const ms = performance.now() - started;
    const isWhole = outcomes.every(({ status }) => status === 'passed') || !signal?.aborted;
    return isWhole ? outcomes.map((outcome) => ({ ms, ...base, ...outcome })) : null;
  } catch (error) {
    if (signal?.aborted) return null;
    if (!(error instanceof SglabError)) throw error;
    const ms = performance.now() - started;
    return [{ ...base, status: 'failed', outcome: 'error', explanation: error.message, ms }];
  }
}

function notRun(step: Step, number: number): StepResult {
  return { ...baseOf(step, number), status: 'not-run', outcome: 'not run', ms: 0 };
}

function baseOf(step: Step, number: number): Omit<StepResult, 'status' | 'outcome' | 'ms'> {
  const { name, line, file = null } = step;
  const kind = step.type === 'mutate' ? step.mutation.type : step.type;
  const nothing = { expected: null, stage: null, leg: null, rule: null, explanation: '' };
  return { name, kind, file, line, step: number, ...nothing };
}

export async function runStep(live: Lab, step: Step, signal?: AbortSignal): Promise<StepOutcomes> {
  const found = await STEP_KINDS[step.type].run(live, step, signal);
  return isSeveral(found) ? found : [found];
}

function isSeveral<T extends object, L extends readonly T[]>(found: T | L): found is L {
  return Array.isArray(found);
}
