/** The subcommands of `sglab learn` for people who write lessons or grade others. */
import type { Command } from 'commander';
import { EXIT, SglabError } from '../errors.js';
import type { ClassGrades } from '../lessons/submissions/grade-submissions.js';
import type { Validation } from '../lessons/validate-lesson.js';
import { readyHost } from './host.js';
import { type LearnOptions, optionsOf, subcommand } from './learn-command.js';
import {
  endProgress,
  onInterrupt,
  print,
  progress,
  reportInterrupt,
  unlessInterrupted,
  writeOutput,
} from './output.js';

export function registerForTrainers(learn: Command): void {
  subcommand(
    learn,
    'validate [folder...]',
    'check that a lesson teaches what it says (default: all shipped lessons)',
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

async function grade({ lesson, folder }: Class, { csv, html, json = false }: GradeOptions): Promise<void> {
  await readyHost();
  const [{ gradeSubmissions }, { findLesson }] = await Promise.all([
    import('../lessons/submissions/grade-submissions.js'),
    import('../lessons/load.js'),
  ]);
  const signal = onInterrupt();
  const grades = await unlessInterrupted(
    signal,
    gradeSubmissions(folder, lesson, { findLesson, signal, onProgress: progress }),
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

async function validate(folders: readonly string[], { json = false }: LearnOptions): Promise<void> {
  const [{ loadLesson, shippedFolders }, { validateLesson }] = await Promise.all([
    import('../lessons/load.js'),
    import('../lessons/validate-lesson.js'),
  ]);
  // All lessons are read before the first lab is built.
  const lessons = await Promise.all((folders.length === 0 ? shippedFolders() : folders).map(loadLesson));
  await readyHost();
  const [{ formatValidation }, { styleFor, widthOf }] = await Promise.all([
    import('./report/validation.js'),
    import('./report/style.js'),
  ]);
  const signal = onInterrupt();
  const validations: Validation[] = [];
  try {
    for (const lesson of lessons) {
      const validation = await validateLesson(lesson, { signal, onProgress: progress }).finally(endProgress);
      validations.push(validation);
      if (!json)
        await print(
          false,
          () => null,
          () => formatValidation(validation, { style: styleFor(), width: widthOf() }),
        );
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return reportInterrupt();
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
