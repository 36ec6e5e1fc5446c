/** `sglab learn watch`: the grade after each change, by whatever tool it came, until Ctrl-C. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Watched } from '../lessons/grade-difference.js';
import type { Grade } from '../lessons/types.js';
import type { ChangeEntry } from '../records/history/types.js';
import { readyHost } from './host.js';
import { type LearnOptions, optionsOf, subcommand } from './learn-command.js';
import { note, onInterrupt, write, writeExactly } from './output.js';

/** How often it looks whether the lab has changed. */
const LOOK_MS = 200;

export function registerWatch(learn: Command): void {
  subcommand(learn, 'watch', 'grade after each change, whoever makes it; Ctrl-C ends it', 'watch').action(
    (_own, command: Command) => watch(optionsOf(command)),
  );
}

async function watch({ json = false }: LearnOptions): Promise<void> {
  await readyHost();
  const { currentLesson } = await import('./current-lesson.js');
  await currentLesson(); // says so where there is none to watch
  const signal = onInterrupt();
  const show = json ? showDocument : await textShower();
  try {
    for await (const watched of gradesOf(signal)) show(watched);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** What was graded last. */
interface Graded {
  /** The process that holds the lab. */
  readonly lab: number;
  readonly change: number;
  readonly grade: Grade;
}

/** A lab that is built anew is another one, with a history of its own: nothing has turned there yet. */
async function* gradesOf(signal: AbortSignal): AsyncGenerator<Watched> {
  const { gradeDifference } = await import('../lessons/grade-difference.js');
  let before = null as Graded | null;
  while (!signal.aborted) {
    const now = await labNow();
    const isSame = now !== null && before?.lab === now.pid;
    const after = now?.changes.filter(({ number }) => isSame && number > (before?.change ?? 0)) ?? [];
    if (now !== null && (!isSame || after.length > 0)) {
      const { lesson, grade } = await gradeNow(signal);
      yield { lesson, grade, after, turned: gradeDifference(isSame ? (before?.grade ?? null) : null, grade) };
      before = { lab: now.pid, change: now.changes.at(-1)?.number ?? 0, grade };
    } else await sleep(LOOK_MS, undefined, { signal });
  }
}

/** The lesson's lab by its controller's process, and its changes; null while it is down. */
async function labNow(): Promise<{ readonly pid: number; readonly changes: readonly ChangeEntry[] } | null> {
  const [{ readHistory }, { readHolder }, { listensOn }, { controlSocket }, { LEARN_LAB }] = await Promise.all([
    import('../lab/history-file.js'),
    import('../lab/run-directory.js'),
    import('../kernel/process.js'),
    import('../lab/run-directory.js'),
    import('../lessons/load.js'),
  ]);
  const pid = readHolder(LEARN_LAB)?.pid;
  if (pid === undefined || !listensOn(pid, controlSocket(LEARN_LAB))) return null;
  return { pid, changes: readHistory(LEARN_LAB).flatMap((entry) => (entry.type === 'change' ? [entry] : [])) };
}

async function gradeNow(signal: AbortSignal): Promise<Pick<Watched, 'lesson' | 'grade'>> {
  const { currentLesson, watchLesson } = await import('./current-lesson.js');
  const lesson = await currentLesson();
  return { lesson, grade: await watchLesson(lesson, signal) };
}

function showDocument({ lesson, grade, after, turned }: Watched): void {
  const changes = after.map(({ number, time, caller, action }) => ({ number, time, caller, action }));
  writeExactly(`${JSON.stringify({ lesson: lesson.id, after: changes, turned, ...grade })}\n`);
}

async function textShower(): Promise<(watched: Watched) => void> {
  const [{ formatWatched }, { styleFor, widthOf }] = await Promise.all([
    import('./report/learn-watch.js'),
    import('./report/style.js'),
  ]);
  note('graded after each change; Ctrl-C ends it');
  return (watched) => write(formatWatched(watched, { style: styleFor(), width: widthOf() }));
}
