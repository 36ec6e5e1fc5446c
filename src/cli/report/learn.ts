/** The pages of `sglab learn`. */

import { commandFor } from '../../changes/command-text.js';
import type { Cloud } from '../../cloud/types.js';
import type { BrokenLesson, LessonPlace } from '../../lessons/course.js';
import { checkSentence } from '../../lessons/feedback.js';
import type { HintAnswer } from '../../lessons/next-hint.js';
import { type Progress, progressOf } from '../../lessons/progress.js';
import type { Grade, Lesson } from '../../lessons/types.js';
import { diagramOf } from '../../picture/diagram.js';
import { FOLD_AUTO } from '../../picture/machines.js';
import { formatDiagram } from './diagram.js';
import { statusSymbol } from './labels.js';
import { PLAIN, type Style } from './style.js';
import { table } from './table.js';
import { wrap } from './width.js';

export interface LearnOptions {
  readonly style?: Style;
  /** Columns of the terminal; unlimited if absent. */
  readonly width?: number;
}

const READABLE = 100;
const INDENT = '  ';

export interface ListedLesson {
  readonly lesson: Lesson;
  /** The key under which its progress is stored. */
  readonly key: string;
  /** Its place in the course, from 1. */
  readonly number: number;
}

export interface ListedCourse {
  readonly title: string;
  /** What a command has to say to mean this course. */
  readonly option: string;
  readonly lessons: readonly ListedLesson[];
  readonly broken: readonly BrokenLesson[];
  /** Folder of the lesson in progress, or null. */
  readonly current: string | null;
}

export function formatLessons(
  course: ListedCourse,
  progress: Progress,
  { style = PLAIN, width = READABLE }: LearnOptions = {},
): string {
  const { title, lessons, broken, current } = course;
  const isPassed = ({ key }: ListedLesson) => progressOf(progress, key).passed !== null;
  const rows = lessons.map((each) => {
    const isCurrent = each.lesson.directory === current;
    const mark = isPassed(each) ? { text: '✓', paint: style.green } : isCurrent ? { text: '▸', paint: style.cyan } : '';
    const name = { text: each.lesson.title, paint: isCurrent ? style.bold : (text: string) => text };
    const idea = { text: each.lesson.idea, paint: style.dim };
    return [{ text: String(each.number), paint: style.dim }, mark, name, idea];
  });
  const columns = [{ align: 'right' }, {}, {}, { shrinkTo: 20 }] as const;
  const passed = lessons.filter(isPassed);
  const unusable = broken.flatMap(({ problems }) => problems.flatMap((text) => hangingIndent('✗', text, width)));
  return [
    `${style.bold(title)}   ${style.dim(`${passed.length} of ${lessons.length} passed`)}`,
    ...(rows.length === 0 ? [] : [table(rows, columns, { style, indent: 2, width })]),
    ...(unusable.length === 0 ? [] : [['Cannot be used:', ...unusable].join('\n')]),
    ...wrap(adviceOf(course, passed), width),
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n');
}

function adviceOf({ lessons, current, option }: ListedCourse, passed: readonly ListedLesson[]): string {
  if (lessons.some(({ lesson }) => lesson.directory === current))
    return 'In progress: ▸. `sudo sglab learn check` grades it.';
  const next = lessons.find((each) => !passed.includes(each));
  if (next === undefined) return 'All of them passed. docs/lessons.md says how to write your own.';
  return `${passed.length === 0 ? 'Start with' : 'Continue with'} \`sudo sglab learn${option} start ${next.number}\`.`;
}

const INSTRUCTIONS =
  'Work in another terminal, with `sudo sglab …`, or with `aws ec2 …` once `eval "$(sudo sglab env learn)"` has pointed it here.';

const COMMANDS = [
  ['sudo sglab learn check', 'your progress, checked with real packets'],
  ['sudo sglab learn hint', 'a little help; each time a little more'],
  ['sudo sglab learn reset', 'everything back to where it was'],
  ['sudo sglab down learn', 'removes the lab; your progress is kept'],
] as const;

/** Formats the story, a picture of the lab and the goals. @param cloud the lab as it is now */
export function formatStory(
  { title, story, goals }: Lesson,
  number: number | null,
  cloud: Cloud,
  { style = PLAIN, width = READABLE }: LearnOptions = {},
): string {
  const columns = Math.min(width, READABLE);
  return [
    `${style.dim(number === null ? 'Lesson' : `Lesson ${number}`)}  ${style.bold(title)}`,
    prose(story, columns, style),
    formatDiagram(diagramOf(cloud, FOLD_AUTO), { style, width: columns }).trimEnd(),
    [style.bold('It is done when'), ...goals.flatMap(({ goal }) => hangingIndent('·', goal, columns))].join('\n'),
    [
      ...wrap(INSTRUCTIONS, columns),
      '',
      ...COMMANDS.map(([command, does]) => `  ${style.cyan(command.padEnd(30))}  ${does}`),
      '',
    ].join('\n'),
  ].join('\n\n');
}

/** Lists each goal with the outcomes of its packets: all of them if it is missed, the first if it is met. */
export function formatGrade(
  { title, moral }: Lesson,
  { number, next }: LessonPlace,
  grade: Grade,
  { style = PLAIN, width = READABLE }: LearnOptions = {},
): string {
  const columns = Math.min(width, READABLE);
  const goals = grade.goals.map(({ goal, status, checks, remarks }) => {
    if (status === 'untried') return `${INDENT}·  ${goal}\n     ${style.dim('tried when the others are met')}`;
    const { text, paint } = statusSymbol(status, style);
    const shown = status === 'passed' ? checks.slice(0, 1) : checks.filter((check) => check.status !== 'passed');
    const lines = [...shown.map(checkSentence), ...remarks].flatMap((sentence) => wrap(sentence, columns - 5));
    return [`${INDENT}${paint(text)}  ${goal}`, ...lines.map((line) => `     ${style.dim(line)}`)].join('\n');
  });
  const met = grade.goals.filter(({ status }) => status === 'passed').length;
  const { text, paint } = statusSymbol(grade.status, style);
  const summary = `${paint(text)} ${style.bold(`${met} of ${grade.goals.length} goals`)}`;
  const passed = [prose(moral, columns, style), `Next: ${style.cyan(next)}`];
  const missed = [`Stuck? ${style.cyan('sudo sglab learn hint')}`];
  return `${[
    `${style.dim(number === null ? 'Lesson' : `Lesson ${number}`)}  ${style.bold(title)}`,
    goals.join('\n'),
    summary,
    ...(grade.status === 'passed' ? passed : missed),
  ].join('\n\n')}\n`;
}

export function formatHint(hint: HintAnswer, { style = PLAIN, width = READABLE }: LearnOptions = {}): string {
  const columns = Math.min(width, READABLE);
  return [
    `${style.bold(hint.goal)}`,
    ...wrap(hint.says, columns - 2).map((line) => `${INDENT}${style.dim(line)}`),
    '',
    `${style.cyan(`Hint ${hint.number} of ${hint.of}`)}`,
    ...wrap(hint.hint, columns - 2).map((line) => `${INDENT}${line}`),
    '',
    hint.number < hint.of
      ? style.dim('`sudo sglab learn hint` again says a little more.\n')
      : style.dim('That was the last one. `sudo sglab learn solution` gives it all away.\n'),
  ].join('\n');
}

export function formatSolution({ title, solution }: Lesson, { style = PLAIN }: LearnOptions = {}): string {
  const commands = solution.map((mutation) => `${INDENT}${commandFor(mutation, null)}`);
  return [style.bold(`One way to solve "${title}"`), '', ...commands, ''].join('\n');
}

function hangingIndent(mark: string, text: string, columns: number): string[] {
  return wrap(text, columns - 5).map((line, at) => `${INDENT}${at === 0 ? mark : ' '}  ${line}`);
}

/** A line with two spaces in it is an example, such as a command with a label before it. */
const EXAMPLE = /\S {2,}\S|^ /;

function prose(text: string, width: number, style: Style): string {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraphOf(paragraph.split('\n'), width, style))
    .join('\n\n');
}

function paragraphOf(lines: readonly string[], width: number, style: Style): string {
  const parts: string[] = [];
  let plain: string[] = [];
  const fill = () => {
    parts.push(...wrap(plain.join(' '), width));
    plain = [];
  };
  for (const line of lines) {
    if (!EXAMPLE.test(line)) {
      plain.push(line);
      continue;
    }
    fill();
    parts.push(`  ${style.cyan(line.trim())}`);
  }
  fill();
  return parts.join('\n');
}
