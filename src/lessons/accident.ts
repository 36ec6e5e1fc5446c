/** Goals that change the lab before they probe: what fails only then was right by accident. Pure. */
import type { Goal, GoalGrade } from './types.js';

/** They are tried when all others are met: of a lab that is wrong as it stands nobody says that it is right by accident. */
export function isTriedLater({ steps }: Goal): boolean {
  return steps.some(({ type }) => type === 'mutate');
}

export const untried = ({ goal }: Goal): GoalGrade => ({ goal, status: 'untried', cause: null, checks: [] });

/** What failed after a change gets its true cause. */
export function withAccidents(graded: GoalGrade): GoalGrade {
  const checks = graded.checks.map((check) =>
    check.status === 'failed' && check.cause !== 'impossible' && check.after.length > 0
      ? { ...check, cause: 'by-accident' as const }
      : check,
  );
  return { ...graded, checks, cause: checks.find(({ status }) => status === 'failed')?.cause ?? null };
}
