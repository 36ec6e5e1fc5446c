/** Sentences of a grade for people. Pure. */
import type { SubmissionRecord } from './submissions/record.js';
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

/** What a submission says about the work: `4 min 10 s`, `3 checks`, `1 hint`. */
export function workOf(record: SubmissionRecord | null): string[] {
  if (record === null) return [];
  const { seconds, checks, hints, solutionSeen } = record;
  return [
    ...(seconds === null ? [] : [spentText(seconds)]),
    `${checks} ${checks === 1 ? 'check' : 'checks'}`,
    `${hints} ${hints === 1 ? 'hint' : 'hints'}`,
    ...(solutionSeen ? ['looked at the solution'] : []),
  ];
}

/** `45 s`, `12 min`, `3 h 20 min`, `2 days`. */
export function spentText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return `${minutes} min`;
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}
