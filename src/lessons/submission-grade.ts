/** What came of a submission. Plain data. */
import { checkSentence, decisiveCheck } from './feedback.js';
import type { Grade, Status } from './types.js';

export interface SubmissionGrade {
  readonly lesson: string;
  /** The file's name without its ending: who handed it in. */
  readonly submission: string;
  readonly file: string;
  /** `unreadable`: it could not be graded, and the reason says why. */
  readonly status: Status | 'unreadable';
  /** Goals that are met. */
  readonly met: number;
  readonly goals: number;
  /** One sentence for each goal that is missed. */
  readonly reasons: readonly string[];
}

export type Submitted = Pick<SubmissionGrade, 'lesson' | 'submission' | 'file'>;

export function gradedSubmission(submitted: Submitted, { status, goals }: Grade): SubmissionGrade {
  const reasons = goals.flatMap((each) => {
    const check = decisiveCheck(each);
    if (check !== null) return [`${each.goal}: ${checkSentence(check)}`];
    return each.status === 'untried' ? [`${each.goal}: not tried, since other goals are missed`] : [];
  });
  const met = goals.filter((goal) => goal.status === 'passed').length;
  return { ...submitted, status, met, goals: goals.length, reasons };
}

export function unreadable(submitted: Submitted, goals: number, reason: string): SubmissionGrade {
  return { ...submitted, status: 'unreadable', met: 0, goals, reasons: reason.split('\n') };
}
