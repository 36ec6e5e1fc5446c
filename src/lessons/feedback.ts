/** Sentences of a grade for people. Pure. */
import type { Cause, Check, GoalGrade, Grade } from './types.js';

const CAUSE_TEXT: Readonly<Record<Cause, string>> = {
  closed: 'still closed',
  'too-open': 'too open',
  'by-accident': 'right by accident',
  server: 'not a matter of rules',
  impossible: 'cannot be tried',
};

/** `too open: stranger reaches tcp/22 of db-1, admitted by sgr-… (db: tcp/0-65535 from 0.0.0.0/0)` */
export function checkSentence({ cause, says, after }: Check): string {
  const text = after.length === 0 ? says : `after ${after.map((change) => `"${change}"`).join(' and ')}, ${says}`;
  return cause === null ? text : `${CAUSE_TEXT[cause]}: ${text}`;
}

/** Finds the check that decides about a goal: the first failure, else the first unknown; null if it is met. */
export function decisiveCheck({ checks }: GoalGrade): Check | null {
  return checks.find(({ status }) => status === 'failed') ?? checks.find(({ status }) => status === 'unknown') ?? null;
}

/** The sentence about the first goal that is not met; null if all are. */
export function firstFailure({ goals }: Pick<Grade, 'goals'>): string | null {
  const sentences = goals.flatMap((goal) => decisiveCheck(goal) ?? []);
  const first = sentences.find(({ status }) => status === 'failed') ?? sentences[0];
  return first === undefined ? null : checkSentence(first);
}
