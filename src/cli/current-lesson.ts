/** The lesson in progress: the one whose lab is up. */
import path from 'node:path';
import { call } from '../controller/client.js';
import { NoControllerError } from '../controller/errors.js';
import { type Ready, type StartOptions, startController } from '../controller/start-controller.js';
import { takeDown } from '../controller/take-down.js';
import { SglabError } from '../errors.js';
import { LabInUseError } from '../lab/errors.js';
import { readHolder } from '../lab/run-directory.js';
import { isLesson, LEARN_LAB, loadLesson } from '../lessons/load.js';
import type { AskedLab } from '../lessons/next-hint.js';
import { recordCheck, recordPass } from '../lessons/record.js';
import type { Grade, Lesson } from '../lessons/types.js';

/** @throws SglabError when no lesson is in progress */
export async function currentLesson(): Promise<Lesson> {
  const folder = await currentFolder();
  if (folder !== null) return loadLesson(folder);
  throw new SglabError('NoLesson', 'no lesson is in progress', { hint: 'start with `sudo sglab learn start 1`' });
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

/** Grades the lesson's lab, and records the check in the trainee's progress. */
export async function checkLesson(lesson: Lesson): Promise<Grade> {
  const grade = await gradeRunning(lesson);
  recordCheck(lesson, grade);
  return grade;
}

/** Nobody has asked for this grade: it is no check. @param signal ends it */
export async function watchLesson(lesson: Lesson, signal: AbortSignal): Promise<Grade> {
  const grade = await gradeRunning(lesson, signal);
  recordPass(lesson, grade);
  return grade;
}

function gradeRunning({ goals }: Lesson, signal?: AbortSignal): Promise<Grade> {
  return call(LEARN_LAB, 'grade', { goals: goals.map(({ hints: _, ...goal }) => goal) }, signal);
}

/** The lesson's lab, for hints. */
export function runningLab(lesson: Lesson): AskedLab {
  return { grade: () => gradeRunning(lesson), explain: (probe) => call(LEARN_LAB, 'explain', { probe }) };
}

/**
 * Builds the lesson's lab and leaves it up; the lab of another lesson is taken down first.
 * @param anew builds it again even if it is already up
 * @throws LabInUseError when a lab of that name belongs to no lesson; whatever building it throws
 */
export async function startLesson(
  { directory, labFile }: Lesson,
  anew: boolean,
  options: Omit<StartOptions, 'port' | 'auth' | 'repairs'>,
): Promise<Ready> {
  const current = await currentFolder();
  if (current !== null && (anew || current !== directory)) {
    if (!isLesson(current)) throw new LabInUseError(LEARN_LAB, readHolder(LEARN_LAB));
    await takeDown(LEARN_LAB);
  }
  const fixed = { port: null, auth: true, repairs: false };
  return startController({ file: labFile, lab: LEARN_LAB, region: null }, { ...options, ...fixed });
}
