/** A lesson as its folder says it, and what a lab is worth by it. Plain data: goals and grades cross the controller's socket. */
import type { Mutation } from '../changes/verbs.js';
import type { ProbeSpec } from '../cloud/text/probe.js';
import type { Step } from '../scenario/steps.js';
import type { Scenario } from '../scenario/types.js';
import type { Leg, Stage } from '../verdict/types.js';
import type { ClosedWorld } from '../verify/closed-world/types.js';

/** Why a goal is not met. */
export const CAUSES = ['closed', 'too-open', 'by-accident', 'server', 'impossible'] as const;

/**
 * `closed`: what should pass does not. `too-open`: what should stay shut does not. `by-accident`: everything is right as the
 * lab stands, and wrong as soon as it changes. `server`: the groups are right, but nothing listens, or something does that
 * should not. `impossible`: the goal could not be tried, such as when a machine is gone.
 */
export type Cause = (typeof CAUSES)[number];

export interface Lesson {
  /** The folder's name: `04-ssh-for-the-office`. */
  readonly id: string;
  /** Absolute. */
  readonly directory: string;
  /** The scenario file to build, absolute. */
  readonly labFile: string;
  readonly lab: Scenario;
  readonly title: string;
  readonly idea: string;
  readonly story: string;
  readonly moral: string;
  readonly goals: readonly LessonGoal[];
  readonly solution: readonly Mutation[];
  /** Beginnings of changes that the story rules out: `sglab explain` does not propose them. */
  readonly forbid: readonly string[];
  readonly wrong: readonly WrongSolution[];
}

/** A goal as it is graded. */
export interface Goal {
  readonly goal: string;
  /** Steps in order; their changes are taken back afterwards. */
  readonly steps: readonly Step[];
  /** What may pass and nothing else, asked after the steps; absent where the goal is about its steps alone. */
  readonly closed?: ClosedWorld;
}

export interface LessonGoal extends Goal {
  readonly hints: readonly Hint[];
}

/** null: whatever it is. */
export interface Hint {
  readonly when: Cause | null;
  readonly at: Stage | null;
  /** Hints from a nudge to nearly the answer. */
  readonly say: readonly string[];
}

export interface WrongSolution {
  readonly try: string;
  readonly changes: readonly Mutation[];
  readonly caught: Cause;
  readonly goal: string;
  readonly says: string | null;
}

export interface Grade {
  /** `unknown` when a goal could not be told and none failed. */
  readonly status: Status;
  readonly goals: readonly GoalGrade[];
  /** Milliseconds. */
  readonly ms: number;
}

export type Status = 'passed' | 'failed' | 'unknown';

export interface GoalGrade {
  readonly goal: string;
  /** `untried`: it changes the lab, which makes sense only when the goals that do not are met. */
  readonly status: Status | 'untried';
  /** null unless it failed. */
  readonly cause: Cause | null;
  /** The probes and changes that were tried, up to a step that could not be taken. */
  readonly checks: readonly Check[];
  /** What is no mistake and could be better, a sentence each. */
  readonly remarks: readonly string[];
}

export interface Check {
  readonly status: Status;
  readonly cause: Cause | null;
  /** One sentence: what happened, and which rule the packet met. */
  readonly says: string;
  /** The stage where the packet stopped. */
  readonly stage: Stage | null;
  readonly leg: Leg | null;
  /** Id of the rule that admitted it, or stopped it. */
  readonly rule: string | null;
  /** null for steps that send no probe, and where machines of the grader's own sent or got it. */
  readonly probe: ProbeSpec | null;
  /** Changes that the goal had made before, in words. */
  readonly after: readonly string[];
}
