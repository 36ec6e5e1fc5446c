/** The lessons that are there, and the one that is under way. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { hintFor } from '../cloud/text/nearest-word.js';
import { quote } from '../cloud/text/quote.js';
import { call, NoControllerError } from '../controller/client.js';
import { type Ready, type StartOptions, startController } from '../controller/start-controller.js';
import { takeDown } from '../controller/take-down.js';
import { SglabError } from '../errors.js';
import { LabInUseError } from '../lab/errors.js';
import { readHolder } from '../lab/run-directory.js';
import { isLesson, loadLesson } from '../lessons/load.js';
import { withCheck } from '../lessons/progress.js';
import { readProgress, writeProgress } from '../lessons/progress-file.js';
import type { Grade, Lesson } from '../lessons/types.js';

/** The lab of whichever lesson is under way. */
export const LEARN_LAB = 'learn';

const SHIPPED = fileURLToPath(new URL('../../scenarios/lessons', import.meta.url));

/** Folders of the shipped lessons, in their order. */
export function shippedFolders(): string[] {
  return fs
    .readdirSync(SHIPPED)
    .filter((name) => /^\d\d-/.test(name))
    .sort()
    .map((name) => path.join(SHIPPED, name));
}

export function shippedLessons(): Promise<Lesson[]> {
  return Promise.all(shippedFolders().map(loadLesson));
}

/**
 * The lesson that a word means: `5`, `database-by-group`, `05-database-by-group`, or a folder of one's own.
 * @throws SglabError for a word that means none
 */
export async function findLesson(word: string): Promise<Lesson> {
  const folders = shippedFolders();
  const ids = folders.map((folder) => path.basename(folder));
  const at = ids.findIndex((id) => id === word || id.slice(3) === word || Number(id.slice(0, 2)) === Number(word));
  const folder = folders[at];
  if (folder !== undefined) return loadLesson(folder);
  if (isLesson(word)) return loadLesson(word);
  throw new SglabError('NoLesson', `there is no lesson ${quote(word)}`, {
    hint:
      hintFor(
        word,
        ids.map((id) => id.slice(3)),
      ) ?? '`sglab learn` lists them; a folder of your own works, too',
  });
}

/** What progress is kept by: shipped lessons stay themselves wherever sglab is installed. */
export function progressKey({ id, directory }: Lesson): string {
  return path.dirname(directory) === SHIPPED ? id : directory;
}

/** Its number in the list, from 1; null for one's own. */
export function numberOf({ directory }: Lesson): number | null {
  const at = shippedFolders().indexOf(directory);
  return at < 0 ? null : at + 1;
}

/** @throws SglabError when none is under way */
export async function currentLesson(): Promise<Lesson> {
  const folder = await currentFolder();
  if (folder !== null) return loadLesson(folder);
  throw new SglabError('NoLesson', 'no lesson is under way', { hint: 'begin with `sudo sglab learn start 1`' });
}

/** The folder of the lesson whose lab is up, or null. */
export async function currentFolder(): Promise<string | null> {
  try {
    const { file } = await call(LEARN_LAB, 'status', {});
    return file === null ? null : path.dirname(file);
  } catch (error) {
    if (error instanceof NoControllerError) return null;
    throw error;
  }
}

/** Grades its lab, and notes it. */
export async function checkLesson(lesson: Lesson): Promise<Grade> {
  const grade = await gradeRunning(lesson);
  writeProgress(withCheck(readProgress(), progressKey(lesson), grade.status === 'passed', new Date()));
  return grade;
}

export function gradeRunning({ goals }: Lesson): Promise<Grade> {
  return call(LEARN_LAB, 'grade', { goals: goals.map(({ goal, steps }) => ({ goal, steps })) });
}

/**
 * Builds the lesson's lab and leaves it up; the lab of another lesson goes first.
 * @param anew although it is up already
 * @throws LabInUseError for a lab of that name that is no lesson's; whatever building it throws
 */
export async function startLesson(
  { directory, labFile }: Lesson,
  anew: boolean,
  options: Omit<StartOptions, 'port'>,
): Promise<Ready> {
  const current = await currentFolder();
  if (current !== null && (anew || current !== directory)) {
    if (!isLesson(current)) throw new LabInUseError(LEARN_LAB, readHolder(LEARN_LAB));
    await takeDown(LEARN_LAB);
  }
  return startController({ file: labFile, lab: LEARN_LAB, region: null }, { ...options, port: null });
}
