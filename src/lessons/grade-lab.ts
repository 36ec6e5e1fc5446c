/** Grades a running lab by the goals of a lesson: kernel and model both answer, and what a goal changes is taken back. */
import { applyMutation } from '../changes/mutation.js';
import { SglabError } from '../errors.js';
import type { Lab } from '../lab/lab.js';
import { runStep } from '../scenario/run-steps.js';
import type { Step } from '../scenario/steps.js';
import { agedText } from '../verdict/phrases.js';
import { ModelOpinion } from '../verify/model-opinion.js';
import { type ClosedWorldContext, gradeClosedWorld } from './grade-closed-world.js';
import { type GradingContext, gradeFlow, gradeOpen, gradeProbe } from './grade-step.js';
import { statusOf } from './judge.js';
import type { Check, Goal, GoalGrade, Grade } from './types.js';

export interface GradeOptions {
  /** Ends the grading. */
  readonly signal?: AbortSignal;
  /** Told after each step. */
  readonly onProgress?: () => void;
}

export async function gradeLab(live: Lab, goals: readonly Goal[], options: GradeOptions = {}): Promise<Grade> {
  const started = performance.now();
  const graded = new Map<Goal, GoalGrade>();
  const gradeAll = async (some: readonly Goal[]) => {
    for (const goal of some) {
      options.signal?.throwIfAborted();
      graded.set(goal, await live.rehearse((change) => gradeGoal({ live, change, ...options }, goal)));
    }
  };
  await gradeAll(goals.filter((goal) => !isDeferred(goal)));
  if ([...graded.values()].every(({ status }) => status === 'passed')) await gradeAll(goals.filter(isDeferred));
  const inOrder = goals.map((goal) => withAccidentalPasses(graded.get(goal) ?? untried(goal)));
  return { status: statusOf(inOrder), goals: inOrder, ms: performance.now() - started };
}

/**
 * Goals that change the lab before they probe are tried when all others are met: of a lab that is wrong as it stands
 * nobody says that it is right by accident.
 */
function isDeferred({ steps }: Goal): boolean {
  return steps.some(({ type }) => type === 'mutate');
}

const untried = ({ goal }: Goal): GoalGrade => ({ goal, status: 'untried', cause: null, checks: [], remarks: [] });

/** Gives what failed after a change its true cause: it was right by accident. */
export function withAccidentalPasses(graded: GoalGrade): GoalGrade {
  const checks = graded.checks.map((check) =>
    check.status === 'failed' && check.cause !== 'impossible' && check.after.length > 0
      ? { ...check, cause: 'by-accident' as const }
      : check,
  );
  return { ...graded, checks, cause: checks.find(({ status }) => status === 'failed')?.cause ?? null };
}

type Change = ClosedWorldContext['change'];

interface Rehearsal extends GradeOptions {
  readonly live: Lab;
  readonly change: Change;
}

async function gradeGoal(rehearsal: Rehearsal, { goal, steps, closed }: Goal): Promise<GoalGrade> {
  const { live, change, signal, onProgress } = rehearsal;
  const start = live.cloud;
  const model = new ModelOpinion(live.cloud);
  const context: GradingContext = { live, model, modelled: new Set(), ...(signal && { signal }) };
  const checks: Check[] = [];
  const after: string[] = [];
  try {
    for (const step of steps) {
      signal?.throwIfAborted();
      const check = { ...NOTHING, ...(await attempt(context, step, change)), after: [...after] };
      onProgress?.();
      if (step.type === 'mutate' && check.status === 'passed') after.push(step.name);
      else checks.push(check);
      // The steps after one that could not be taken ask about something else than they were written for.
      if (check.status !== 'passed' && step.type !== 'probe') break;
    }
  } finally {
    for (const step of steps) if (step.type === 'open') await live.traffic.flows.end(step.flow).catch(() => {});
  }
  const remarks: string[] = [];
  if (closed !== undefined && statusOf(checks) === 'passed') {
    const world = await gradeClosedWorld({ live, change, start, after, ...(signal && { signal }) }, closed);
    checks.push(...world.checks);
    remarks.push(...world.remarks);
    onProgress?.();
  }
  const failed = checks.find(({ status }) => status === 'failed');
  return { goal, status: statusOf(checks), cause: failed?.cause ?? null, checks, remarks };
}

const NOTHING = { cause: null, stage: null, leg: null, rule: null, probe: null, after: [] } as const;

type Graded = Pick<Check, 'status' | 'says'> & Partial<Check>;

async function attempt(context: GradingContext, step: Step, change: Change): Promise<Graded> {
  try {
    return await take(context, step, change);
  } catch (error) {
    if (!(error instanceof SglabError)) throw error;
    return { status: 'failed', cause: 'impossible', says: `${step.name}: ${error.message}` };
  }
}

async function take(context: GradingContext, step: Step, change: Change): Promise<Graded> {
  const { live, model } = context;
  switch (step.type) {
    case 'probe':
      return gradeProbe(context, step);
    case 'open':
      return gradeOpen(context, step);
    case 'flow':
      return gradeFlow(context, step);
    case 'mutate':
      await change((cloud) => applyMutation(cloud, step.mutation));
      await model.mutate(step.mutation);
      return { status: 'passed', says: step.name };
    case 'advance': {
      const aged = await live.advance(step.seconds);
      await model.advance(step.seconds);
      return { status: 'passed', says: `${step.name}: ${agedText(aged)}` };
    }
    default: {
      const [{ status, explanation = '', expected = null }] = await runStep(live, step);
      const wanted = status === 'passed' || expected === null ? '' : ` (expected ${expected})`;
      return { status, cause: status === 'failed' ? 'closed' : null, says: `${step.name}${wanted}: ${explanation}` };
    }
  }
}
