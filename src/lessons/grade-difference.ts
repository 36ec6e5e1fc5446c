/** What a change of the lab did to the goals of its lesson. Pure. */
import type { ChangeEntry } from '../records/history/types.js';
import type { Grade, Lesson } from './types.js';

export interface GradeDifference {
  /** Goals that are met now and were not before. */
  readonly green: readonly string[];
  /** Goals that were met before and are missed now; one that is not tried may still be met. */
  readonly red: readonly string[];
}

/** A lesson, graded once more. */
export interface Watched {
  readonly lesson: Lesson;
  readonly grade: Grade;
  /** The changes since it was graded before, the oldest first. */
  readonly after: readonly ChangeEntry[];
  readonly turned: GradeDifference;
}

/** @param before null: nothing was graded yet, and nothing has turned */
export function gradeDifference(before: Grade | null, after: Grade): GradeDifference {
  if (before === null) return { green: [], red: [] };
  const met = new Set(before.goals.filter(({ status }) => status === 'passed').map(({ goal }) => goal));
  const named = (goals: Grade['goals']) => goals.map(({ goal }) => goal);
  return {
    green: named(after.goals.filter(({ goal, status }) => status === 'passed' && !met.has(goal))),
    red: named(
      after.goals.filter(({ goal, status }) => (status === 'failed' || status === 'unknown') && met.has(goal)),
    ),
  };
}
