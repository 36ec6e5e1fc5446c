/** The subcommands of `sglab learn` for people who write lessons or grade others. */
import type { Command } from 'commander';
import { EXIT } from '../errors.js';
import type { Validation } from '../lessons/validate-lesson.js';
import { readyHost } from './host.js';
import { type LearnOptions, optionsOf, subcommand } from './learn-command.js';
import { endProgress, onInterrupt, print, progress, reportInterrupt, writeOutput } from './output.js';

export function registerForTrainers(learn: Command): void {
  subcommand(
    learn,
    'validate [folder...]',
    'check that a lesson teaches what it says (default: all shipped lessons)',
    'validate scenarios/lessons/01-default-deny',
  ).action((folders: string[], _own, command: Command) => validate(folders, optionsOf(command)));
  subcommand(
    learn,
    'grade [lesson]',
    'grade the files of a class in one go',
    'grade 5 --dir submissions/ --csv grades.csv',
  )
    .requiredOption('--dir <folder>', 'the files; without a lesson, a folder for each lesson')
    .option('--csv <file>', 'also write a table for spreadsheets')
    .action((lesson: string | undefined, own: GradeOptions, command: Command) =>
      grade(lesson ?? null, { ...own, ...optionsOf(command) }),
    );
}

interface GradeOptions extends LearnOptions {
  readonly dir: string;
  readonly csv?: string;
}

async function grade(lesson: string | null, { dir, csv, json = false }: GradeOptions): Promise<void> {
  await readyHost();
  const { gradeSubmissions } = await import('../lessons/grade-submissions.js');
  const signal = onInterrupt();
  const grades = await gradeSubmissions(dir, lesson, { signal, onProgress: progress })
    .finally(endProgress)
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return null;
    });
  if (grades === null) return reportInterrupt();
  const [{ formatSubmissions, submissionsCsv }, { styleFor, widthOf }] = await Promise.all([
    import('./report/submissions.js'),
    import('./report/style.js'),
  ]);
  if (csv !== undefined) await writeOutput(csv, submissionsCsv(grades));
  await print(
    json,
    () => ({ submissions: grades }),
    () => formatSubmissions(grades, { style: styleFor(), width: widthOf() }),
  );
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
    import('./report/submissions.js'),
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
