/** A lesson's grade after a change: what turned, and what is still missed. */
import { checkSentence, decisiveCheck } from '../../lessons/feedback.js';
import type { Watched } from '../../lessons/grade-difference.js';
import type { GoalGrade } from '../../lessons/types.js';
import { statusSymbol } from './labels.js';
import { PLAIN, type Style } from './style.js';
import { wrap } from './width.js';

const READABLE = 100;

interface Options {
  readonly style?: Style;
  /** Columns of the terminal; unlimited if absent. */
  readonly width?: number;
}

export function formatWatched(
  { lesson, grade, after, turned }: Watched,
  { style = PLAIN, width = READABLE }: Options = {},
): string {
  const columns = Math.min(width, READABLE);
  const changes = after.flatMap(({ action, caller }) => wrap(`${action}  (${caller})`, columns - 2));
  const head = changes.length === 0 ? [lesson.title] : changes;
  const goals = grade.goals.flatMap((goal) => goalLines(goal, turnOf(goal, turned), columns, style));
  const met = grade.goals.filter(({ status }) => status === 'passed').length;
  const { text, paint } = statusSymbol(grade.status, style);
  return [
    '',
    ...head.map((line, at) => `${at === 0 ? paint('▸') : ' '} ${style.bold(line)}`),
    ...goals,
    `${paint(text)} ${met} of ${grade.goals.length} goals`,
    '',
  ].join('\n');
}

type Turn = 'now met' | 'no longer met' | null;

function turnOf({ goal }: GoalGrade, { green, red }: Watched['turned']): Turn {
  if (green.includes(goal)) return 'now met';
  return red.includes(goal) ? 'no longer met' : null;
}

function goalLines(graded: GoalGrade, turn: Turn, columns: number, style: Style): string[] {
  const { goal, status } = graded;
  const { text, paint } = status === 'untried' ? { text: '·', paint: style.dim } : statusSymbol(status, style);
  const words = wrap(turn === null ? goal : `${goal} — ${turn}`, columns - 5);
  const check = status === 'passed' ? null : decisiveCheck(graded);
  const reasons = check === null ? [] : wrap(checkSentence(check), columns - 5);
  return [
    ...words.map((line, at) => `  ${at === 0 ? paint(text) : ' '}  ${turn === null ? line : paint(line)}`),
    ...reasons.map((line) => `     ${style.dim(line)}`),
  ];
}
