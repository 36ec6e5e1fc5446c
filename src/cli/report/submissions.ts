/** The results of a class's submissions: for people, and for spreadsheets. */
import type { SubmissionGrade } from '../../lessons/grade-submissions.js';
import type { Validation } from '../../lessons/validate-lesson.js';
import { formatMs, statusSymbol } from './labels.js';
import { PLAIN, type Style } from './style.js';
import { wrap } from './width.js';

const READABLE = 110;
const COLUMNS = ['lesson', 'submission', 'status', 'met', 'goals', 'reasons'] as const;

export function formatSubmissions(
  grades: readonly SubmissionGrade[],
  { style = PLAIN, width = READABLE }: { readonly style?: Style; readonly width?: number } = {},
): string {
  const columns = Math.min(width, READABLE) - 5;
  const lessons = [...new Set(grades.map(({ lesson }) => lesson))];
  const blocks = lessons.map((lesson) => {
    const rows = grades.filter((grade) => grade.lesson === lesson).flatMap((grade) => rowOf(grade, columns, style));
    return [style.bold(lesson), ...rows].join('\n');
  });
  const passed = grades.filter(({ status }) => status === 'passed').length;
  return `${[...blocks, style.bold(`${passed} of ${grades.length} passed`)].join('\n\n')}\n`;
}

function rowOf(grade: SubmissionGrade, columns: number, style: Style): string[] {
  const { submission, status, met, goals, reasons } = grade;
  const { text, paint } = statusSymbol(status === 'unreadable' ? 'unknown' : status, style);
  const score = status === 'unreadable' ? 'unreadable' : `${met} of ${goals}`;
  const lines = reasons.flatMap((reason) => wrap(reason, columns));
  return [`  ${paint(text)}  ${submission}   ${style.dim(score)}`, ...lines.map((line) => `     ${style.dim(line)}`)];
}

/** Writes a line for each submission, after a line with the column names (RFC 4180). */
export function submissionsCsv(grades: readonly SubmissionGrade[]): string {
  const rows = grades.map((grade) =>
    COLUMNS.map((column) => cell(column === 'reasons' ? grade.reasons.join('\n') : String(grade[column]))).join(','),
  );
  return [COLUMNS.join(','), ...rows].map((row) => `${row}\r\n`).join('');
}

/** File names come from the people who are graded: a spreadsheet must not take any part of them for a formula. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function formatValidation(
  { lesson, title, valid, findings, ms }: Validation,
  { style = PLAIN, width = READABLE }: { readonly style?: Style; readonly width?: number } = {},
): string {
  const columns = Math.min(width, READABLE) - 5;
  const lines = findings.flatMap(({ of, ok, says }) => {
    const { text, paint } = statusSymbol(ok ? 'passed' : 'failed', style);
    return [`  ${paint(text)}  ${of}`, ...wrap(says, columns).map((line) => `     ${style.dim(line)}`)];
  });
  const { text, paint } = statusSymbol(valid ? 'passed' : 'failed', style);
  const verdict = valid ? 'teaches what it says' : 'does not teach what it says';
  return `${[`${style.bold(lesson)}  ${title}`, '', ...lines, '', `${paint(text)} ${verdict}   ${style.dim(formatMs(ms))}`].join('\n')}\n`;
}
