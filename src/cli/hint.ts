/** `sglab learn hint`: the next hint for what the lab shows now. */

import { call } from '../controller/client.js';
import { checkSentence } from '../lessons/feedback.js';
import { chooseHint } from '../lessons/hints.js';
import { progressKey } from '../lessons/load.js';
import { progressOf, readProgress, withHint, writeProgress } from '../lessons/progress.js';
import type { Cause, Check, Lesson } from '../lessons/types.js';
import { gradeRunning, LEARN_LAB } from './current-lesson.js';
import { commandFor } from './report/command.js';

export interface ToldHint {
  readonly lesson: string;
  readonly goal: string;
  readonly cause: Cause | null;
  /** What the grader says of it. */
  readonly says: string;
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly hint: string;
}

/** @returns null where all goals are met; each call tells one more, until the last is reached */
export async function nextHint(lesson: Lesson): Promise<ToldHint | null> {
  const chosen = chooseHint(lesson.goals, await gradeRunning(lesson));
  if (chosen === null) return null;
  const { goal, check, situation, isMade } = chosen;
  const say = isMade ? [...chosen.say, ...(await advice(check))] : chosen.say;
  const key = progressKey(lesson);
  const progress = readProgress();
  const number = Math.min((progressOf(progress, key).hints[situation] ?? 0) + 1, say.length);
  writeProgress(withHint(progress, key, situation, number));
  const hint = say[number - 1] ?? '';
  return { lesson: lesson.id, goal, cause: check.cause, says: checkSentence(check), number, of: say.length, hint };
}

/** What `sglab explain` would do about it, as commands. It knows the lab as it is, not after a change. */
async function advice({ probe, cause, after }: Check): Promise<string[]> {
  if (probe === null || after.length > 0) return [];
  const { toPass, toStop } = await call(LEARN_LAB, 'explain', { probe });
  // Whom a machine lets in is its own affair; that others may send is theirs.
  const atTheDoor = toStop.find(({ changes }) => changes.some(({ stage }) => stage === 'sg-ingress'));
  const remedy = cause === 'too-open' ? (atTheDoor ?? toStop[0]) : toPass;
  if (remedy === undefined || remedy === null || remedy.changes.length === 0) return [];
  return [`Try: ${remedy.changes.map(({ mutation }) => commandFor(mutation, null)).join(', then ')}`];
}
