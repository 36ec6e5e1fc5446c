/** `sglab learn`, the course: lessons whose labs are graded by packets. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../errors.js';
import type { Lesson, Status } from '../lessons/types.js';
import { readyHost } from './host.js';
import { COURSE_HELP, type LearnOptions, optionsOf, subcommand } from './learn-command.js';
import { registerSubmit } from './learn-submit.js';
import { registerForTrainers } from './learn-trainer.js';
import { registerWatch } from './learn-watch.js';
import { note, onInterrupt, print, progress, reportInterrupt, unlessInterrupted } from './output.js';

export function registerLearn(program: Command): void {
  const learn = program
    .command('learn')
    .summary('lessons: repair a lab, and let packets decide whether the repair holds')
    .description(
      'Lists the lessons and what you have passed. `start` builds the lab of one and tells its story; you repair it with\n' +
        '`sglab authorize`, `revoke` and the like, and `check` grades it: real packets, for what must pass and what must not.',
    )
    .option('--course <folder>', COURSE_HELP)
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  $ sudo sglab learn start 1\n  $ sudo sglab learn check')
    .action(list);
  subcommand(learn, 'start <lesson>', 'build the lab of a lesson and tell its story', 'start 5').action(
    (word: string, _own, command: Command) => start(word, optionsOf(command)),
  );
  subcommand(learn, 'check', 'grade the lab as it is now', 'check').action((_own, command: Command) =>
    check(optionsOf(command)),
  );
  registerWatch(learn);
  subcommand(learn, 'hint', 'help with what is wrong now; each time a little more', 'hint').action(
    (_own, command: Command) => hint(optionsOf(command)),
  );
  subcommand(learn, 'solution', 'one way to solve the lesson, as commands', 'solution').action(
    (_own, command: Command) => solution(optionsOf(command)),
  );
  subcommand(learn, 'reset', 'put the lab back to where the lesson starts', 'reset').action((_own, command: Command) =>
    reset(optionsOf(command)),
  );
  registerSubmit(learn);
  registerForTrainers(learn);
}

async function list({ json = false, course: word }: LearnOptions): Promise<void> {
  const [{ currentFolder }, { courseOption, isShipped, openCourse, progressKey, readLessons }, progress] =
    await Promise.all([
      import('./current-lesson.js'),
      import('../lessons/course.js'),
      import('../lessons/progress.js'),
    ]);
  const { progressFile, progressOf, readProgress } = progress;
  const course = openCourse(word);
  const { lessons: read, broken } = await readLessons(course.folders);
  const lessons = read.map((lesson) => ({
    lesson,
    key: progressKey(lesson),
    number: course.folders.indexOf(lesson.directory) + 1,
  }));
  const listed = {
    title: isShipped(course) ? 'Lessons' : basename(course.directory),
    option: courseOption(course),
    lessons,
    broken,
  };
  const done = readProgress();
  // Only root may query the lab, but everybody may see the list.
  const current = await currentFolder().catch(() => null);
  const [{ formatLessons }, { styleFor, widthOf }] = await Promise.all([
    import('./report/learn.js'),
    import('./report/style.js'),
  ]);
  await print(
    json,
    () => ({
      course: course.directory,
      lessons: lessons.map(({ lesson: { id, title, idea, directory }, key, number }) => ({
        number,
        lesson: id,
        title,
        idea,
        underWay: directory === current,
        ...progressOf(done, key),
      })),
      broken,
      progressFile: progressFile(),
    }),
    () => formatLessons({ ...listed, current }, done, { style: styleFor(), width: widthOf() }),
  );
}

async function start(word: string, options: LearnOptions): Promise<void> {
  await readyHost();
  const { findLesson, openCourse } = await import('../lessons/course.js');
  await startLessonLab(await findLesson(word, openCourse(options.course)), false, options);
}

async function reset(options: LearnOptions): Promise<void> {
  await readyHost();
  const { currentLesson } = await import('./current-lesson.js');
  await startLessonLab(await currentLesson(), true, options);
}

async function startLessonLab(lesson: Lesson, restart: boolean, { json = false, course }: LearnOptions): Promise<void> {
  const [{ startLesson }, { placeOf, progressKey }, { readProgress, withStart, writeProgress }] = await Promise.all([
    import('./current-lesson.js'),
    import('../lessons/course.js'),
    import('../lessons/progress.js'),
  ]);
  const stop = onInterrupt();
  const ready = await unlessInterrupted(
    stop,
    startLesson(lesson, restart, {
      signal: stop,
      onProgress: (done, total) => progress(`building the lab, step ${done + 1} of ${total}`),
    }),
  );
  if (ready === null) return reportInterrupt();
  if (!ready.already) writeProgress(withStart(readProgress(), progressKey(lesson), new Date()));
  const [{ formatStory }, { styleFor, widthOf }, { call }] = await Promise.all([
    import('./report/learn.js'),
    import('./report/style.js'),
    import('../controller/client.js'),
  ]);
  if (ready.already && !json)
    note('its lab is up already, with everything you did in it: `sglab learn reset` starts over');
  await print(
    json,
    () => ({
      lesson: lesson.id,
      title: lesson.title,
      story: lesson.story,
      goals: lesson.goals.map(({ goal }) => goal),
      lab: ready.lab,
      already: ready.already,
    }),
    async () => {
      const { cloud } = await call(ready.lab, 'status', {});
      return formatStory(lesson, placeOf(lesson, course).number, cloud, { style: styleFor(), width: widthOf() });
    },
  );
}

async function check({ json = false, course }: LearnOptions): Promise<void> {
  await readyHost();
  const [{ checkLesson, currentLesson }, { placeOf }] = await Promise.all([
    import('./current-lesson.js'),
    import('../lessons/course.js'),
  ]);
  const lesson = await currentLesson();
  const grade = await checkLesson(lesson);
  const [{ formatGrade }, { styleFor, widthOf }] = await Promise.all([
    import('./report/learn.js'),
    import('./report/style.js'),
  ]);
  await print(
    json,
    () => ({ lesson: lesson.id, ...grade }),
    () => formatGrade(lesson, placeOf(lesson, course), grade, { style: styleFor(), width: widthOf() }),
  );
  process.exitCode = EXIT_CODE[grade.status];
}

const EXIT_CODE: Readonly<Record<Status, ExitCode>> = {
  passed: EXIT.ok,
  failed: EXIT.expectationFailed,
  unknown: EXIT.unknown,
};

async function hint({ json = false }: LearnOptions): Promise<void> {
  await readyHost();
  const [{ currentLesson, runningLab }, { nextHint }] = await Promise.all([
    import('./current-lesson.js'),
    import('../lessons/next-hint.js'),
  ]);
  const lesson = await currentLesson();
  const answer = await nextHint(lesson, runningLab(lesson));
  const [{ formatHint }, { styleFor, widthOf }] = await Promise.all([
    import('./report/learn.js'),
    import('./report/style.js'),
  ]);
  await print(
    json,
    () => ({ hint: answer }),
    () =>
      answer === null
        ? 'All goals are met: there is nothing left to hint at.\n'
        : formatHint(answer, { style: styleFor(), width: widthOf() }),
  );
}

async function solution({ json = false }: LearnOptions): Promise<void> {
  await readyHost();
  const [{ currentLesson }, { progressKey }, { readProgress, withSolutionSeen, writeProgress }] = await Promise.all([
    import('./current-lesson.js'),
    import('../lessons/course.js'),
    import('../lessons/progress.js'),
  ]);
  const lesson = await currentLesson();
  writeProgress(withSolutionSeen(readProgress(), progressKey(lesson)));
  const [{ formatSolution }, { commandFor }, { styleFor }] = await Promise.all([
    import('./report/learn.js'),
    import('../changes/command-text.js'),
    import('./report/style.js'),
  ]);
  await print(
    json,
    () => ({ lesson: lesson.id, commands: lesson.solution.map((mutation) => commandFor(mutation, null)) }),
    () => formatSolution(lesson, { style: styleFor() }),
  );
}
