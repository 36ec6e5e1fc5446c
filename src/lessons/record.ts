/** Writes into a person's progress what became of a lesson. */
import { progressKey } from './course.js';
import { type LessonProgress, progressOf, readProgress, withCheck, writeProgress } from './progress.js';
import type { Grade, Lesson } from './types.js';

/** Somebody asked for the grade: it counts as a check. */
export function recordCheck(lesson: Lesson, { status }: Grade): void {
  writeProgress(withCheck(readProgress(), progressKey(lesson), status === 'passed', new Date()));
}

/** Nobody asked for the grade, and only the first pass counts. */
export function recordPass(lesson: Lesson, grade: Grade): void {
  if (grade.status === 'passed' && progressOfLesson(lesson).passed === null) recordCheck(lesson, grade);
}

export function progressOfLesson(lesson: Lesson): LessonProgress {
  return progressOf(readProgress(), progressKey(lesson));
}
