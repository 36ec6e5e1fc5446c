/** `sglab learn hint` prints the next hint for the current state of the lab. */

import { call } from '../controller/client.js';
import { checkSentence } from '../lessons/feedback.js';
import { chooseHint } from '../lessons/hints.js';
import { progressKey } from '../lessons/load.js';
import { progressOf, readProgress, withHint, writeProgress } from '../lessons/progress.js';
import type { Cause, Check, Lesson } from '../lessons/types.js';
import { gradeRunning, LEARN_LAB } from './current-lesson.js';
import { commandFor } from './report/command.js';

export interface HintAnswer {
  readonly lesson: string;
  readonly goal: string;
  readonly cause: Cause | null;
  /** The grader's sentence about the check. */
  readonly says: string;
  /** Counts from 1. */
  readonly number: number;
  readonly of: number;
  readonly hint: string;
}

/**
 * Each call reveals one more hint, until the last is reached.
 * @returns null when all goals are met
 */
export async function nextHint(lesson: Lesson): Promise<HintAnswer | null> {
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

/** The commands that `sglab explain` would propose. It knows the lab as it is, not after a change. */
async function advice({ probe, cause, after }: Check): Promise<string[]> {
  if (probe === null || after.length > 0) return [];
  const { toPass, toStop } = await call(LEARN_LAB, 'explain', { probe });
  // A change at the receiver is preferred: what a machine lets in is its own affair, but its sender may need other
  // peers.
  const atReceiver = toStop.find(({ changes }) => changes.some(({ stage }) => stage === 'sg-ingress'));
  const remedy = cause === 'too-open' ? (atReceiver ?? toStop[0]) : toPass;
  if (remedy === undefined || remedy === null || remedy.changes.length === 0) return [];
  return [`Try: ${remedy.changes.map(({ mutation }) => commandFor(mutation, null)).join(', then ')}`];
}
