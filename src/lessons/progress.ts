/** What a person has done so far. Pure. */

export interface Progress {
  readonly version: 1;
  /** By the lesson's id; by its folder where it is somebody's own. */
  readonly lessons: Readonly<Record<string, LessonProgress>>;
}

export interface LessonProgress {
  /** ISO 8601; null: not yet. */
  readonly started: string | null;
  readonly passed: string | null;
  readonly checks: number;
  /** How many of the hints of a situation were told. */
  readonly hints: Readonly<Record<string, number>>;
  readonly solutionSeen: boolean;
}

export const NO_PROGRESS: Progress = { version: 1, lessons: {} };

const UNTOUCHED: LessonProgress = { started: null, passed: null, checks: 0, hints: {}, solutionSeen: false };

export function progressOf({ lessons }: Progress, lesson: string): LessonProgress {
  return (Object.hasOwn(lessons, lesson) ? lessons[lesson] : undefined) ?? UNTOUCHED;
}

/** Begun, or begun anew: hints are told from the first one again; that it was passed once stays. */
export function withStart(progress: Progress, lesson: string, now: Date): Progress {
  return changed(progress, lesson, { started: now.toISOString(), hints: {} });
}

export function withCheck(progress: Progress, lesson: string, passed: boolean, now: Date): Progress {
  const { checks, passed: before } = progressOf(progress, lesson);
  return changed(progress, lesson, { checks: checks + 1, passed: before ?? (passed ? now.toISOString() : null) });
}

export function withHint(progress: Progress, lesson: string, situation: string, told: number): Progress {
  return changed(progress, lesson, { hints: { ...progressOf(progress, lesson).hints, [situation]: told } });
}

export function withSolutionSeen(progress: Progress, lesson: string): Progress {
  return changed(progress, lesson, { solutionSeen: true });
}

function changed(progress: Progress, lesson: string, change: Partial<LessonProgress>): Progress {
  return { ...progress, lessons: { ...progress.lessons, [lesson]: { ...progressOf(progress, lesson), ...change } } };
}
