/** `sglab learn grade`: a class's files, one after the other in one lab for each lesson. */
import path from 'node:path';
import { quote } from '../../cloud/text/quote.js';
import { SglabError } from '../../errors.js';
import { Lab } from '../../lab/lab.js';
import { checkSentence, decisiveCheck } from '../feedback.js';
import { gradeLab } from '../grade-lab.js';
import type { Grade, Lesson, Status } from '../types.js';
import { foldersIn, type HandedIn, readClassFolder } from './class-folder.js';
import { readSubmission } from './read-submission.js';
import type { SubmissionRecord } from './record.js';

/** The result of a submission. */
export interface SubmissionGrade {
  readonly lesson: string;
  /** Who handed it in. */
  readonly submission: string;
  readonly file: string;
  /** `unreadable`: it could not be graded, and the reason says why. */
  readonly status: Status | 'unreadable';
  /** Goals that are met. */
  readonly met: number;
  readonly goals: number;
  /** One sentence for each goal that is missed. */
  readonly reasons: readonly string[];
  /** One sentence for each part that did not count, and for what is no mistake and could be better. */
  readonly notes: readonly string[];
  /** What `sglab learn submit` wrote down of the work; null where it did not. */
  readonly record: SubmissionRecord | null;
}

export interface ClassGrades {
  /** Those of which something was handed in. */
  readonly lessons: readonly { readonly lesson: string; readonly title: string }[];
  readonly submissions: readonly SubmissionGrade[];
  /** Files and folders that are nobody's work. */
  readonly ignored: readonly string[];
}

export interface GradeSubmissionsOptions {
  /** The lesson that a word means. */
  readonly findLesson: (word: string) => Promise<Lesson>;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/**
 * @param word the lesson that all files are about; null: the folder has one folder for each lesson, named as the lesson is
 * @returns in the order of lessons and names; a file that cannot be read is a row like any other
 * @throws SglabError where there is nothing to grade
 */
export async function gradeSubmissions(
  directory: string,
  word: string | null,
  options: GradeSubmissionsOptions,
): Promise<ClassGrades> {
  const folders = word === null ? foldersIn(directory).map((name) => path.join(directory, name)) : [directory];
  const classes = [];
  const ignored: string[] = [];
  for (const folder of folders) {
    const lesson = await options.findLesson(word ?? path.basename(folder));
    const found = readClassFolder(folder);
    classes.push({ lesson, submissions: found.submissions });
    ignored.push(...found.ignored);
  }
  if (classes.every(({ submissions }) => submissions.length === 0)) throw nothingIn(directory);
  const grades: SubmissionGrade[] = [];
  for (const { lesson, submissions } of classes)
    if (submissions.length > 0) grades.push(...(await gradeFiles(lesson, submissions, options)));
  const lessons = classes.filter(({ submissions }) => submissions.length > 0).map(({ lesson }) => lesson);
  return { lessons: lessons.map(({ id, title }) => ({ lesson: id, title })), submissions: grades, ignored };
}

async function gradeFiles(
  lesson: Lesson,
  submissions: readonly HandedIn[],
  { signal, onProgress }: GradeSubmissionsOptions,
): Promise<SubmissionGrade[]> {
  const name = `class-${process.pid}`;
  onProgress(`${lesson.id}: building its lab`);
  const live = await Lab.up({ ...lesson.lab.cloud, name }, { file: lesson.labFile, leftovers: 'rebuild', signal });
  try {
    const grades: SubmissionGrade[] = [];
    for (const [at, submitted] of submissions.entries()) {
      onProgress(`${lesson.id}: ${submitted.submission} (${at + 1} of ${submissions.length})`);
      grades.push(await gradeFile(live, lesson, submitted, signal));
    }
    return grades;
  } finally {
    await live.down();
  }
}

/** Each begins with the lab as the lesson has it. Whatever is wrong with one file, the others are graded. */
async function gradeFile(
  live: Lab,
  lesson: Lesson,
  submitted: HandedIn,
  signal: AbortSignal,
): Promise<SubmissionGrade> {
  const common = { lesson: lesson.id, ...submitted, goals: lesson.goals.length };
  try {
    const { cloud, notes, record } = await readSubmission(submitted.file, lesson);
    await live.change((before) => ({ ...cloud, name: before.name }));
    const { remarks, ...result } = graded(await gradeLab(live, lesson.goals, { signal }));
    return { ...common, ...result, notes: [...notes, ...remarks], record };
  } catch (error) {
    if (signal.aborted) throw error;
    const says = error instanceof SglabError ? error.message : `a defect in sglab: ${error}`;
    return { ...common, status: 'unreadable', met: 0, reasons: says.split('\n'), notes: [], record: null };
  }
}

function graded({ status, goals }: Grade) {
  const reasons = goals.flatMap((each) => {
    const check = decisiveCheck(each);
    if (check !== null) return [`${each.goal}: ${checkSentence(check)}`];
    return each.status === 'untried' ? [`${each.goal}: not tried, since other goals are missed`] : [];
  });
  const remarks = [...new Set(goals.flatMap((goal) => goal.remarks))];
  return { status, met: goals.filter((goal) => goal.status === 'passed').length, reasons, remarks };
}

function nothingIn(directory: string): SglabError {
  return new SglabError('NoSubmissions', `there are no submissions in ${quote(directory)}`, {
    hint: 'name the lesson for a folder of files, or have a folder for each lesson in it: docs/lessons.md',
  });
}
