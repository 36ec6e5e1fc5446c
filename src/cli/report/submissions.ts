/** The results of a class's submissions: for people, and for spreadsheets. */
import { workOf } from '../../lessons/feedback.js';
import type { ClassGrades, SubmissionGrade } from '../../lessons/submissions/grade-submissions.js';
import { statusSymbol } from './labels.js';
import { PLAIN, type Style } from './style.js';
import { wrap } from './width.js';

const READABLE = 110;

export function formatSubmissions(
  { submissions: grades, ignored }: ClassGrades,
  { style = PLAIN, width = READABLE }: { readonly style?: Style; readonly width?: number } = {},
): string {
  const columns = Math.min(width, READABLE) - 5;
  const lessons = [...new Set(grades.map(({ lesson }) => lesson))];
  const blocks = lessons.map((lesson) => {
    const rows = grades.filter((grade) => grade.lesson === lesson).flatMap((grade) => rowOf(grade, columns, style));
    return [style.bold(lesson), ...rows].join('\n');
  });
  const passed = grades.filter(({ status }) => status === 'passed').length;
  const left =
    ignored.length === 0 ? [] : wrap(`Not graded, since it is nobody's work: ${ignored.join(', ')}`, columns);
  const summary = style.bold(`${passed} of ${grades.length} passed`);
  return `${[...blocks, [...left.map(style.dim), summary].join('\n')].join('\n\n')}\n`;
}

function rowOf(grade: SubmissionGrade, columns: number, style: Style): string[] {
  const { submission, status, met, goals, reasons, notes } = grade;
  const { text, paint } = statusSymbol(status === 'unreadable' ? 'unknown' : status, style);
  const score = status === 'unreadable' ? 'unreadable' : `${met} of ${goals}`;
  const facts = [score, ...workOf(grade.record)].join(' · ');
  const lines = [...reasons, ...notes].flatMap((reason) => wrap(reason, columns));
  return [`  ${paint(text)}  ${submission}   ${style.dim(facts)}`, ...lines.map((line) => `     ${style.dim(line)}`)];
}

type Column = readonly [name: string, value: (grade: SubmissionGrade) => string];

const COLUMNS: readonly Column[] = [
  ['lesson', ({ lesson }) => lesson],
  ['submission', ({ submission }) => submission],
  ['status', ({ status }) => status],
  ['met', ({ met }) => String(met)],
  ['goals', ({ goals }) => String(goals)],
  ['reasons', ({ reasons }) => reasons.join('\n')],
  ['notes', ({ notes }) => notes.join('\n')],
  ['seconds', ({ record }) => String(record?.seconds ?? '')],
  ['checks', ({ record }) => String(record?.checks ?? '')],
  ['hints', ({ record }) => String(record?.hints ?? '')],
  ['solutionSeen', ({ record }) => String(record?.solutionSeen ?? '')],
];

/** Writes a line for each submission, after a line with the column names (RFC 4180). */
export function submissionsCsv(grades: readonly SubmissionGrade[]): string {
  const rows = grades.map((grade) => COLUMNS.map(([, value]) => cell(value(grade))).join(','));
  return [COLUMNS.map(([name]) => name).join(','), ...rows].map((row) => `${row}\r\n`).join('');
}

/** File names come from the people who are graded: a spreadsheet must not take any part of them for a formula. */
function cell(text: string): string {
  const harmless = /^[\s]*[=+\-@\t\r|%]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
