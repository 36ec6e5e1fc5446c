/** `sglab learn validate`: whether a lesson teaches what it says, by packets in one lab. */
import path from 'node:path';
import { applyMutation } from '../changes/mutation.js';
import type { Mutation } from '../changes/verbs.js';
import type { Cloud } from '../cloud/types.js';
import { Lab } from '../lab/lab.js';
import type { BrokenLesson } from './course.js';
import { firstFailure } from './feedback.js';
import { gradeLab } from './grade-lab.js';
import type { Grade, Lesson, WrongSolution } from './types.js';

export interface Validation {
  readonly lesson: string;
  readonly title: string;
  readonly valid: boolean;
  readonly findings: readonly Finding[];
  /** Milliseconds. */
  readonly ms: number;
}

export interface Finding {
  /** `the start`, `the solution`, or what somebody tries. */
  readonly of: string;
  readonly ok: boolean;
  /** The grader's sentence. */
  readonly says: string;
}

export interface ValidateOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** The lab is down again when this returns or throws. */
export async function validateLesson(lesson: Lesson, { signal, onProgress }: ValidateOptions): Promise<Validation> {
  const started = performance.now();
  const cloud = { ...lesson.lab.cloud, name: `lesson-${process.pid}` };
  onProgress(`${lesson.id}: building its lab`);
  const live = await Lab.up(cloud, { file: lesson.labFile, leftovers: 'rebuild', signal });
  try {
    const findings: Finding[] = [];
    for (const { of, changes, check } of trials(lesson)) {
      onProgress(`${lesson.id}: ${of}`);
      await live.change(() => after(cloud, changes));
      findings.push({ of, ...check(await gradeLab(live, lesson.goals, { signal })) });
    }
    const valid = findings.every(({ ok }) => ok);
    return { lesson: lesson.id, title: lesson.title, valid, findings, ms: performance.now() - started };
  } finally {
    await live.down();
  }
}

/** The validation of a lesson whose files cannot be used. */
export function unreadable({ folder, problems }: BrokenLesson): Validation {
  const findings = problems.map((says) => ({ of: 'the files', ok: false, says }));
  return { lesson: path.basename(folder), title: 'cannot be read', valid: false, findings, ms: 0 };
}

function after(cloud: Cloud, changes: readonly Mutation[]): Cloud {
  return changes.reduce(applyMutation, cloud);
}

interface Trial {
  readonly of: string;
  readonly changes: readonly Mutation[];
  readonly check: (grade: Grade) => Omit<Finding, 'of'>;
}

function trials({ solution, wrong }: Lesson): Trial[] {
  return [
    { of: 'the start', changes: [], check: failsAtStart },
    { of: 'the solution', changes: solution, check: passes },
    ...wrong.map((each) => ({ of: each.try, changes: each.changes, check: (grade: Grade) => isCaught(grade, each) })),
  ];
}

function failsAtStart(grade: Grade): Omit<Finding, 'of'> {
  const failure = firstFailure(grade);
  if (grade.status === 'failed' && failure !== null) return { ok: true, says: failure };
  const says =
    grade.status === 'passed' ? 'all goals are met before anything was done' : (failure ?? 'it cannot be told');
  return { ok: false, says };
}

function passes(grade: Grade): Omit<Finding, 'of'> {
  const failure = firstFailure(grade);
  return failure === null ? { ok: true, says: 'all goals are met' } : { ok: false, says: failure };
}

function isCaught(grade: Grade, { caught, goal, says }: WrongSolution): Omit<Finding, 'of'> {
  const missed = grade.goals.find((each) => each.goal === goal);
  if (missed === undefined || missed.status !== 'failed') {
    const instead = firstFailure(grade);
    const found = instead === null ? 'it passes' : `the grader says: ${instead}`;
    return { ok: false, says: `the goal "${goal}" is met all the same; ${found}` };
  }
  const sentence = firstFailure({ ...grade, goals: [missed] }) ?? '';
  if (missed.cause !== caught) return { ok: false, says: `caught as ${missed.cause}, not as ${caught}: ${sentence}` };
  if (says !== null && !sentence.includes(says))
    return { ok: false, says: `nobody says ${JSON.stringify(says)}: ${sentence}` };
  return { ok: true, says: sentence };
}
