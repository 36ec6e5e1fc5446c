import { useCallback, useEffect, useRef, useState } from 'react';
import type { LessonView } from '../../../controller/console/protocol.js';
import type { HintAnswer } from '../../../lessons/next-hint.js';
import type { Grade } from '../../../lessons/types.js';
import { call } from '../../live/call.js';
import { notifyFailure } from '../../shell/notices.js';

/** Milliseconds without a change of the lab before it is graded again. */
const DEBOUNCE_MS = 300;

export interface LessonState {
  /** null: it was not told yet, or the lab is of none. */
  readonly lesson: LessonView | null;
  /** Of the lab a moment ago, where it is being graded. */
  readonly grade: Grade | null;
  readonly isBusy: boolean;
  readonly hints: readonly HintAnswer[];
  readonly check: () => void;
  readonly askHint: () => void;
}

/** The lesson in progress, graded again after each change, whoever makes it. */
export function useLesson(change: number): LessonState {
  const [lesson, setLesson] = useState<LessonView | null>(null);
  const [grade, setGrade] = useState<Grade | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [hints, setHints] = useState<readonly HintAnswer[]>([]);
  const latest = useRef(0);
  const load = useCallback(async () => setLesson((await call('lesson', {})).lesson), []);
  const run = useCallback(
    async (isCheck: boolean) => {
      const turn = ++latest.current;
      setBusy(true);
      const told = await call('gradeLesson', { isCheck }).catch((error) =>
        notifyFailure('The lesson could not be graded', error),
      );
      // A grade of an earlier state says nothing any more.
      if (turn !== latest.current) return;
      setBusy(false);
      if (told === undefined) return;
      setGrade(told.grade);
      await load();
    },
    [load],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change asks for another grade
  useEffect(() => {
    const timer = window.setTimeout(() => void run(false), DEBOUNCE_MS);
    return () => window.clearTimeout(timer);
  }, [change, run]);
  useEffect(() => {
    load().catch((error) => notifyFailure('The lesson cannot be shown', error));
  }, [load]);
  const askHint = async () => {
    const told = await call('lessonHint', {}).catch((error) => notifyFailure('There is no hint', error));
    if (told?.hint != null) setHints((before) => [...before, told.hint].filter((hint) => hint !== null));
  };
  return { lesson, grade, isBusy, hints, check: () => void run(true), askHint: () => void askHint() };
}
