/** `sglab learn grade`: a class's files, one after the other in one lab for each lesson. */
import fs from 'node:fs';
import path from 'node:path';
import { quote } from '../cloud/text/quote.js';
import { SglabError } from '../errors.js';
import { Lab } from '../lab/lab.js';
import { checkSentence, decisiveCheck } from './feedback.js';
import { gradeLab } from './grade-lab.js';
import { findLesson } from './load.js';
import { readSubmission } from './submission.js';
import type { Grade, Lesson, Status } from './types.js';

/** The result of a submission. */
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

type Submitted = Pick<SubmissionGrade, 'lesson' | 'submission' | 'file'>;

export interface GradeSubmissionsOptions {
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
): Promise<SubmissionGrade[]> {
  const folders =
    word === null
      ? namesIn(directory, 'folder').map((name) => [path.join(directory, name), name])
      : [[directory, word]];
  const classes = [];
  for (const [folder = '', lesson = ''] of folders) {
    classes.push({
      lesson: await findLesson(lesson),
      files: namesIn(folder, 'file').map((name) => path.join(folder, name)),
    });
  }
  if (classes.every(({ files }) => files.length === 0)) throw nothingIn(directory);
  const grades: SubmissionGrade[] = [];
  for (const { lesson, files } of classes)
    if (files.length > 0) grades.push(...(await gradeFiles(lesson, files, options)));
  return grades;
}

async function gradeFiles(
  lesson: Lesson,
  files: readonly string[],
  { signal, onProgress }: GradeSubmissionsOptions,
): Promise<SubmissionGrade[]> {
  const name = `class-${process.pid}`;
  onProgress(`${lesson.id}: building its lab`);
  const live = await Lab.up({ ...lesson.lab.cloud, name }, { file: lesson.labFile, leftovers: 'rebuild', signal });
  try {
    const grades: SubmissionGrade[] = [];
    for (const file of files) {
      onProgress(`${lesson.id}: ${path.basename(file)}`);
      const submitted = { lesson: lesson.id, submission: path.parse(file).name, file };
      grades.push(await gradeFile(live, lesson, submitted, signal));
    }
    return grades;
  } finally {
    await live.down();
  }
}

/** Each begins with the lab as the lesson has it. */
async function gradeFile(
  live: Lab,
  lesson: Lesson,
  submitted: Submitted,
  signal: AbortSignal,
): Promise<SubmissionGrade> {
  try {
    const cloud = await readSubmission(submitted.file, lesson);
    await live.change((before) => ({ ...cloud, name: before.name }));
    return gradedSubmission(submitted, await gradeLab(live, lesson.goals, { signal }));
  } catch (error) {
    if (!(error instanceof SglabError)) throw error;
    return unreadable(submitted, lesson.goals.length, error.message);
  }
}

function gradedSubmission(submitted: Submitted, { status, goals }: Grade): SubmissionGrade {
  const reasons = goals.flatMap((each) => {
    const check = decisiveCheck(each);
    if (check !== null) return [`${each.goal}: ${checkSentence(check)}`];
    return each.status === 'untried' ? [`${each.goal}: not tried, since other goals are missed`] : [];
  });
  const met = goals.filter((goal) => goal.status === 'passed').length;
  return { ...submitted, status, met, goals: goals.length, reasons };
}

function unreadable(submitted: Submitted, goals: number, reason: string): SubmissionGrade {
  return { ...submitted, status: 'unreadable', met: 0, goals, reasons: reason.split('\n') };
}

function namesIn(directory: string, kind: 'file' | 'folder'): string[] {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(directory, { withFileTypes: true });
  } catch (cause) {
    throw new SglabError('NoSubmissions', `${quote(directory)} is not a readable folder`, { cause });
  }
  return entries
    .filter((entry) => !entry.name.startsWith('.') && (kind === 'folder' ? entry.isDirectory() : entry.isFile()))
    .map(({ name }) => name)
    .sort();
}

function nothingIn(directory: string): SglabError {
  return new SglabError('NoSubmissions', `there are no submissions in ${quote(directory)}`, {
    hint: 'name the lesson for a folder of files, or have a folder for each lesson in it: docs/lessons.md',
  });
}
