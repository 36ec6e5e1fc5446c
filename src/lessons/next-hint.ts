/** The next hint for the state of a lesson's lab, whoever asks: a command or the console. */

import { commandFor } from '../changes/command-text.js';
import type { ProbeSpec } from '../cloud/text/probe.js';
import type { Explanation } from '../verify/explain/types.js';
import { progressKey } from './course.js';
import { checkSentence } from './feedback.js';
import { chooseHint } from './hints.js';
import { progressOf, readProgress, withHint, writeProgress } from './progress.js';
import type { Cause, Check, Grade, Lesson } from './types.js';

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

/** The lab of the lesson. */
export interface AskedLab {
  grade(): Promise<Grade>;
  explain(probe: ProbeSpec): Promise<Explanation>;
}

/**
 * Each call reveals one more hint, until the last is reached.
 * @returns null when all goals are met
 */
export async function nextHint(lesson: Lesson, lab: AskedLab): Promise<HintAnswer | null> {
  const chosen = chooseHint(lesson.goals, await lab.grade());
  if (chosen === null) return null;
  const { goal, check, situation, isMade } = chosen;
  const say = isMade ? [...chosen.say, ...(await advice(check, lab))] : chosen.say;
  const key = progressKey(lesson);
  const progress = readProgress();
  const number = Math.min((progressOf(progress, key).hints[situation] ?? 0) + 1, say.length);
  writeProgress(withHint(progress, key, situation, number));
  const hint = say[number - 1] ?? '';
  return { lesson: lesson.id, goal, cause: check.cause, says: checkSentence(check), number, of: say.length, hint };
}

/** The commands that `sglab explain` would propose. It knows the lab as it is, not after a change. */
async function advice({ probe, cause, after }: Check, lab: AskedLab): Promise<string[]> {
  if (probe === null || after.length > 0) return [];
  const { toPass, toStop } = await lab.explain(probe);
  // A change at the receiver is preferred: what a machine lets in is its own affair, but its sender may need other
  // peers.
  const atReceiver = toStop.find(({ changes }) => changes.some(({ stage }) => stage === 'sg-ingress'));
  const remedy = cause === 'too-open' ? (atReceiver ?? toStop[0]) : toPass;
  if (remedy === undefined || remedy === null || remedy.changes.length === 0) return [];
  return [`Try: ${remedy.changes.map(({ mutation }) => commandFor(mutation, null)).join(', then ')}`];
}
