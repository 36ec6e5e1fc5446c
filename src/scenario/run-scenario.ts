/** `sglab run`: one scenario from its file to its report, in this process. */
import path from 'node:path';
import { Lab } from '../lab/lab.js';
import { type DescribeRule, ruleDescriber } from '../verdict/describe-rule.js';
import type { RunReport, StepResult } from '../verdict/types.js';
import { runSteps } from './run-steps.js';
import type { Scenario } from './types.js';

export interface RunScenarioOptions {
  readonly file: string;
  /** Overrides the name in the file. */
  readonly lab: string | null;
  /** Leave the namespaces, for `sglab up` to take over. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
  /** Told the results of each step as it ends, and how to name rules of that moment. */
  readonly onResults?: (results: readonly StepResult[], describeRule: DescribeRule) => void;
  /** Called after the last step, while the lab is still up. */
  readonly beforeDown?: (live: Lab) => Promise<void>;
}

/** The lab is down before this throws for an error, and before it gives the report of a run that `signal` stopped. */
export async function runScenario(
  scenario: Scenario,
  { file, lab, keep, signal, onProgress, onResults, beforeDown }: RunScenarioOptions,
): Promise<{ report: RunReport; describeRule: DescribeRule }> {
  const cloud = lab === null ? scenario.cloud : { ...scenario.cloud, name: lab };
  const live = await Lab.up(cloud, {
    file: path.resolve(file),
    leftovers: 'rebuild',
    signal,
    onProgress: (done, total) => onProgress(`${scenario.name}: building the lab, step ${done + 1} of ${total}`),
  });
  let finished = false;
  try {
    const report = await runSteps(live, scenario, {
      signal,
      onStep: (done, total, step) => onProgress(`${scenario.name}: ${done + 1} of ${total}: ${step.name}`),
      onResults: (results) => onResults?.(results, ruleDescriber(scenario.cloud, live.cloud)),
    });
    if (!signal.aborted) await beforeDown?.(live);
    finished = !signal.aborted;
    return { report, describeRule: ruleDescriber(scenario.cloud, live.cloud) };
  } finally {
    if (keep && finished) await live.release();
    else await live.down();
  }
}
