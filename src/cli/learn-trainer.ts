/** The subcommands of `sglab learn` for people who write lessons or grade others. */
import type { Command } from 'commander';
import { EXIT, SglabError } from '../errors.js';
import type { ClassGrades } from '../lessons/submissions/grade-submissions.js';
import type { Validation } from '../lessons/validate-lesson.js';
import { readyHost } from './host.js';
import { type LearnOptions, optionsOf, subcommand } from './learn-command.js';
import { onInterrupt, print, progress, reportInterrupt, unlessInterrupted, write, writeOutput } from './output.js';

export function registerForTrainers(learn: Command): void {
  subcommand(
    learn,
    'validate [folder...]',
    'check that lessons teach what they say; a folder of lessons is a course',
    'validate scenarios/lessons/01-default-deny',
  ).action((folders: string[], _own, command: Command) => validate(folders, optionsOf(command)));
  subcommand(
    learn,
    'grade [lesson] [folder]',
    'grade the files of a class in one go',
    'grade 5 submissions/ --csv grades.csv --html grades.html',
  )
    .option('--dir <folder>', 'the same as FOLDER; without a lesson, a folder for each lesson')
    .option('--csv <file>', 'also write a table for spreadsheets')
    .option('--html <file>', 'also write a page that needs no server')
    .action((lesson: string | undefined, folder: string | undefined, own: GradeOptions, command: Command) =>
      grade(classOf(lesson, folder, own.dir), { ...own, ...optionsOf(command) }),
    );
}

interface GradeOptions extends LearnOptions {
  readonly dir?: string;
  readonly csv?: string;
  readonly html?: string;
}

interface Class {
  /** null: the folder has one folder for each lesson. */
  readonly lesson: string | null;
  readonly folder: string;
}

/** A single word is the folder, unless `--dir` names it. @throws SglabError where no folder is named */
function classOf(first: string | undefined, second: string | undefined, dir: string | undefined): Class {
  const folder = dir ?? second ?? first;
  if (folder !== undefined)
    return { folder, lesson: dir === undefined && second === undefined ? null : (first ?? null) };
  throw new SglabError('BadUsage', 'the folder of the class is not named', {
    hint: '`sglab learn grade 5 submissions/`',
  });
}

async function grade({ lesson, folder }: Class, options: GradeOptions): Promise<void> {
  const { csv, html, json = false } = options;
  await readyHost();
  const [{ gradeSubmissions }, { findLesson, openCourse }] = await Promise.all([
    import('../lessons/submissions/grade-submissions.js'),
    import('../lessons/course.js'),
  ]);
  const course = openCourse(options.course);
  const signal = onInterrupt();
  const grades = await unlessInterrupted(
    signal,
    gradeSubmissions(folder, lesson, { findLesson: (word) => findLesson(word, course), signal, onProgress: progress }),
  );
  if (grades === null) return reportInterrupt();
  const [{ formatSubmissions, submissionsCsv }, { styleFor, widthOf }] = await Promise.all([
    import('./report/submissions.js'),
    import('./report/style.js'),
  ]);
  if (csv !== undefined) await writeOutput(csv, submissionsCsv(grades.submissions));
  if (html !== undefined) await writeClassPage(html, folder, grades);
  await print(
    json,
    () => grades,
    () => formatSubmissions(grades, { style: styleFor(), width: widthOf() }),
  );
}

async function writeClassPage(file: string, folder: string, grades: ClassGrades): Promise<void> {
  const [{ renderClass }, { basename, resolve }] = await Promise.all([import('./report/html.js'), import('node:path')]);
  await writeOutput(file, await renderClass(`Grades of ${basename(resolve(folder))}`, grades));
}

async function validate(folders: readonly string[], { json = false, course }: LearnOptions): Promise<void> {
  const [{ readLessons }, { unreadable, validateLesson }] = await Promise.all([
    import('../lessons/course.js'),
    import('../lessons/validate-lesson.js'),
  ]);
  // All lessons are read before the first lab is built.
  const { lessons, broken } = await readLessons(await lessonFolders(folders, course));
  await readyHost();
  const [{ formatValidation }, { styleFor, widthOf }] = await Promise.all([
    import('./report/validation.js'),
    import('./report/style.js'),
  ]);
  const signal = onInterrupt();
  const validations: Validation[] = [];
  const report = (validation: Validation) => {
    validations.push(validation);
    if (!json) write(formatValidation(validation, { style: styleFor(), width: widthOf() }));
  };
  for (const each of broken) report(unreadable(each));
  for (const lesson of lessons) {
    const validation = await unlessInterrupted(signal, validateLesson(lesson, { signal, onProgress: progress }));
    if (validation === null) return reportInterrupt();
    report(validation);
  }
  const valid = validations.every((each) => each.valid);
  if (json)
    await print(
      true,
      () => ({ valid, lessons: validations }),
      () => '',
    );
  process.exitCode = valid ? EXIT.ok : EXIT.expectationFailed;
}

/** A folder is a lesson, or a course of them. @throws SglabError where it is neither, or is the only lesson and broken */
async function lessonFolders(folders: readonly string[], course: string | undefined): Promise<readonly string[]> {
  const [{ openCourse }, { isLesson, loadLesson }] = await Promise.all([
    import('../lessons/course.js'),
    import('../lessons/load.js'),
  ]);
  const [only, second] = folders;
  if (only === undefined) return openCourse(course).folders;
  if (second === undefined && isLesson(only)) await loadLesson(only);
  return folders.flatMap((folder) => (isLesson(folder) ? [folder] : openCourse(folder).folders));
}
