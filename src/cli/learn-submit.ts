/** `sglab learn submit`: what somebody hands in, out of the lesson's lab. */
import type { Command } from 'commander';
import { readyHost } from './host.js';
import { type LearnOptions, optionsOf, subcommand } from './learn-command.js';
import { print, writeOutput } from './output.js';

interface SubmitOptions extends LearnOptions {
  readonly output?: string;
  readonly by?: string;
}

export function registerSubmit(learn: Command): void {
  subcommand(
    learn,
    'submit',
    'write the lab as it is now to a file, to be handed in',
    'submit --by "Anna Meier" -o anna.yaml',
  )
    .option('-o, --output <file>', 'where to write it (default: LESSON-NAME.yaml, here)')
    .option('--by <name>', 'whose it is (default: the user at the terminal)')
    .action((own: SubmitOptions, command: Command) => submit({ ...own, ...optionsOf(command) }));
}

async function submit({ output, by, json = false }: SubmitOptions): Promise<void> {
  await readyHost();
  const [{ currentLesson }, { writeSubmission }, { call }, { LEARN_LAB }] = await Promise.all([
    import('./current-lesson.js'),
    import('../lessons/submissions/write-submission.js'),
    import('../controller/client.js'),
    import('../lessons/load.js'),
  ]);
  const lesson = await currentLesson();
  const { cloud } = await call(LEARN_LAB, 'status', {});
  const { record, yaml } = writeSubmission(lesson, cloud, by ?? null);
  const file = output ?? `${lesson.id}-${record.by.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.yaml`;
  await writeOutput(file, yaml);
  await print(
    json,
    () => ({ file, ...record }),
    () => `${file}: hand in this file. Whoever grades it sees the lab as it is now, and what you needed.\n`,
  );
}
