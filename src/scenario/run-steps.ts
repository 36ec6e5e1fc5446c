/** Runs the steps of a scenario on a live lab and compares what happened with what was expected. */
import { setTimeout as sleep } from 'node:timers/promises';
import { entryName } from '../cloud/text/network-acl-words.js';
import type { Cloud } from '../cloud/types.js';
import { SglabError } from '../errors.js';
import type { LiveLab } from '../lab/live-lab.js';
import { execIn, startIn } from '../lab/programs.js';
import { agedWords } from '../verdict/aged.js';
import type { ProbeResult, RunReport, StepResult } from '../verdict/types.js';
import { admittingRule, type StepOutcome } from './step-outcome.js';
import { runEnd, runFlow, runOpen, runPacket } from './traffic-steps.js';
import type { ExecStep, ProbeExpectation, ProbeStep, Scenario, Step } from './types.js';

export interface RunnerOptions {
  /** Ends the run between two steps. */
  readonly signal?: AbortSignal;
  readonly onStep?: (done: number, total: number, step: Step) => void;
}

export async function runSteps(live: LiveLab, scenario: Scenario, options: RunnerOptions = {}): Promise<RunReport> {
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

export async function runStep(live: LiveLab, step: Step, signal?: AbortSignal): Promise<StepOutcome> {
  switch (step.type) {
    case 'probe':
      return runProbe(live, step);
    case 'open':
      return runOpen(live, step);
    case 'flow':
      return runFlow(live, step);
    case 'end':
      return runEnd(live, step);
    case 'packet':
      return runPacket(live, step);
    case 'mutate':
      await live.mutate(step.mutation);
      return { status: 'passed', outcome: 'done' };
    case 'start':
      await startIn(live.cloud, live.machine(step.on), step);
      return { status: 'passed', outcome: 'started' };
    case 'exec':
      return runExec(live, step);
    case 'advance':
      return { status: 'passed', outcome: 'done', explanation: agedWords(await live.advance(step.seconds)) };
    case 'wait':
      await sleep(step.ms, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
      return { status: 'passed', outcome: 'done' };
  }
}

async function runProbe(live: LiveLab, { probe, expect }: ProbeStep): Promise<StepOutcome> {
  const result = await live.probe(probe);
  const { outcome, stage, leg, explanation, ms } = result;
  const rule = result.rule ?? admittingRule(result);
  const found = { outcome, stage, leg, rule, explanation, ms, expected: expectationText(expect) };
  if (outcome === 'unknown') return { status: 'unknown', ...found };
  return { status: isAsExpected(live.cloud, result, expect) ? 'passed' : 'failed', ...found };
}

function isAsExpected(cloud: Cloud, result: ProbeResult, expect: ProbeExpectation): boolean {
  return (
    result.outcome === expect.outcome &&
    (expect.stage === null || result.stage === expect.stage) &&
    (expect.leg === null || result.leg === expect.leg) &&
    (expect.rules.length === 0 || result.path.some(({ rule }) => rule !== null && isOneOf(cloud, rule, expect.rules)))
  );
}

function isOneOf(cloud: Cloud, ruleId: string, words: readonly string[]): boolean {
  const rules = Object.values(cloud.securityGroups).flatMap((group) => group.rules);
  const description = rules.find(({ id }) => id === ruleId)?.description;
  const names = [ruleId, description, entryName(cloud, ruleId)];
  return words.some((word) => names.includes(word));
}

function expectationText({ outcome, stage, leg, rules }: ProbeExpectation): string {
  const at = stage === null ? '' : ` at ${stage}`;
  const on = leg === null ? '' : ` on the ${leg}`;
  const by = rules.length === 0 ? '' : ` by rule ${rules.join(' or ')}`;
  return `${outcome}${at}${on}${by}`;
}

async function runExec(live: LiveLab, step: ExecStep): Promise<StepOutcome> {
  const { exitCode, stdout, stderr } = await execIn(live.cloud, live.machine(step.on), step.argv, step.withinMs);
  const output = `${stdout}\n${stderr}`.trim();
  const expected = step.output === null ? step.expect : `${step.expect}, with ${JSON.stringify(step.output)}`;
  if (NOT_STARTED.has(exitCode)) {
    return { status: 'unknown', outcome: 'unknown', expected, explanation: lastLines(output) };
  }
  const asExpected =
    (exitCode === 0) === (step.expect === 'ok') && (step.output === null || output.includes(step.output));
  const silence = asExpected ? '' : `exit code ${exitCode}, and it wrote nothing`;
  return {
    status: asExpected ? 'passed' : 'failed',
    outcome: exitCode === 0 ? 'ok' : exitCode === TIMED_OUT ? `timed out after ${step.withinMs / 1000} s` : 'fail',
    expected,
    explanation: output === '' ? silence : lastLines(output),
  };
}

const TIMED_OUT = 124;

/** What shells and timeout(1) say of a program that is not there: that is no answer to the question, not even `fail`. */
const NOT_STARTED: ReadonlySet<number> = new Set([126, 127]);

/** What a person would look at first of what a program wrote. */
function lastLines(output: string): string {
  return output.split('\n').slice(-3).join(' ');
}
