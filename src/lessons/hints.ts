/** Hints chosen from what the lab shows: the first goal that is not met, why, and where the packet stopped. Pure. */
import { stageHint } from '../verdict/phrases.js';
import { checkSentence, decisiveCheck } from './feedback.js';
import type { Cause, Check, Grade, LessonGoal } from './types.js';

export interface ChosenHint {
  readonly goal: string;
  readonly check: Check;
  /** Stands for the situation: as long as it lasts, one hint follows the other. */
  readonly situation: string;
  /** Hints in the order in which they are given. */
  readonly say: readonly string[];
  /** The lesson has none for it: these were made from the verdict. */
  readonly isMade: boolean;
}

/** @returns null where all goals are met */
export function chooseHint(goals: readonly LessonGoal[], grade: Grade): ChosenHint | null {
  const position = grade.goals.findIndex((each) => decisiveCheck(each) !== null);
  const graded = grade.goals[position];
  const check = graded === undefined ? null : decisiveCheck(graded);
  if (graded === undefined || check === null) return null;
  const hints = goals[position]?.hints ?? [];
  const fitting = hints.findIndex(
    ({ when, at }) => (when === null || when === check.cause) && (at === null || at === check.stage),
  );
  const say = hints[fitting]?.say;
  const situation = say === undefined ? `${position}:${check.cause}:${check.stage}` : `${position}.${fitting}`;
  return { goal: graded.goal, check, situation, say: say ?? madeFrom(check), isMade: say === undefined };
}

const WHY: Readonly<Record<Cause, string>> = {
  closed: 'Something that should pass does not. Which stage stops it?',
  'too-open': 'Something passes that should not. Which rule lets it in, and must that rule be so wide?',
  'by-accident': 'It works today, but not after the next change. What does your rule depend on?',
  server: 'The rules allow it: look at what runs in the machine.',
  impossible: 'The grader could not try it. Is a machine or a group gone that was there at the start?',
};

function madeFrom(check: Check): string[] {
  const { cause, stage } = check;
  const nudge = stage !== null && cause === 'closed' ? stageHint(stage) : cause === null ? null : WHY[cause];
  return [...(nudge === null ? [] : [nudge]), `The grader says: ${checkSentence(check)}.`];
}
