/** Hints follow what the lab shows; progress remembers how many of them were told. */
import { describe, expect, it } from 'vitest';
import { firstFailure } from '../../../src/lessons/feedback.js';
import { withAccidentalPasses } from '../../../src/lessons/grade-lab.js';
import { chooseHint } from '../../../src/lessons/hints.js';
import {
  NO_PROGRESS,
  progressOf,
  withCheck,
  withHint,
  withSolutionSeen,
  withStart,
} from '../../../src/lessons/progress.js';
import type { Check, Goal, GoalGrade, Grade, LessonGoal } from '../../../src/lessons/types.js';

const CHECK: Check = {
  status: 'passed',
  cause: null,
  says: 'it passes',
  stage: null,
  leg: null,
  rule: null,
  probe: null,
  after: [],
};
const CLOSED: Check = { ...CHECK, status: 'failed', cause: 'closed', stage: 'sg-ingress', says: 'it is closed' };
const OPEN: Check = { ...CHECK, status: 'failed', cause: 'too-open', says: 'a stranger reaches it' };

const GOALS: LessonGoal[] = [
  {
    goal: 'in',
    steps: [],
    hints: [
      { when: 'closed', at: 'route', say: ['the road'] },
      { when: 'closed', at: null, say: ['the door', 'its rules'] },
    ],
  },
  { goal: 'not out', steps: [], hints: [] },
];

function grade(...checks: Check[]): Grade {
  const goals = checks.map((check, at): GoalGrade => {
    const { goal }: Goal = GOALS[at] ?? { goal: 'none', steps: [] };
    return { goal, status: check.status, cause: check.cause, checks: [check], remarks: [] };
  });
  return { status: checks.every(({ status }) => status === 'passed') ? 'passed' : 'failed', goals, ms: 1 };
}

describe('the hint', () => {
  it('is that of the first goal that is missed, for its cause and stage', () => {
    expect(chooseHint(GOALS, grade(CLOSED, OPEN))).toMatchObject({ goal: 'in', say: ['the door', 'its rules'] });
    expect(chooseHint(GOALS, grade({ ...CLOSED, stage: 'route' }, OPEN))).toMatchObject({ say: ['the road'] });
  });

  it('is made from the verdict where the lesson has none', () => {
    const chosen = chooseHint(GOALS, grade(CHECK, OPEN));
    expect(chosen).toMatchObject({ goal: 'not out', isMade: true });
    expect(chosen?.say.join(' ')).toContain('too open: a stranger reaches it');
    const nacl = chooseHint(GOALS, grade(CHECK, { ...CLOSED, stage: 'nacl-outbound' }));
    expect(nacl?.say[0]).toContain('outbound entries of its network ACL');
  });

  it('tells situations apart', () => {
    const situations = [grade(CLOSED, OPEN), grade({ ...CLOSED, stage: 'route' }, OPEN), grade(CHECK, OPEN)].map(
      (each) => chooseHint(GOALS, each)?.situation,
    );
    expect(new Set(situations).size).toBe(3);
  });

  it('is none where all goals are met', () => {
    expect(chooseHint(GOALS, grade(CHECK, CHECK))).toBeNull();
  });
});

describe('right by accident', () => {
  it('is what fails only after a change', () => {
    const [graded] = grade({ ...CLOSED, after: ['launch web-9 in public'] }).goals.map(withAccidentalPasses);
    expect(graded).toMatchObject({ cause: 'by-accident', status: 'failed' });
    expect(firstFailure({ goals: graded === undefined ? [] : [graded] })).toBe(
      'right by accident: after "launch web-9 in public", it is closed',
    );
  });

  it('is not said of what fails as it stands, or cannot be tried', () => {
    const impossible: Check = { ...CLOSED, cause: 'impossible', after: ['launch web-9 in public'] };
    expect(grade(OPEN, impossible).goals.map((each) => withAccidentalPasses(each).cause)).toEqual([
      'too-open',
      'impossible',
    ]);
  });
});

describe('progress', () => {
  const day = (n: number) => new Date(Date.UTC(2026, 0, n));

  it('remembers when a lesson was passed first, and every check', () => {
    const begun = withStart(NO_PROGRESS, 'a', day(1));
    const checked = withCheck(withCheck(withCheck(begun, 'a', false, day(2)), 'a', true, day(3)), 'a', true, day(4));
    expect(progressOf(checked, 'a')).toMatchObject({ checks: 3, passed: day(3).toISOString() });
    expect(progressOf(checked, 'b')).toMatchObject({ checks: 0, passed: null });
  });

  it('tells hints from the first one again when a lesson begins anew', () => {
    const hinted = withHint(withSolutionSeen(NO_PROGRESS, 'a'), 'a', '0.1', 2);
    expect(progressOf(hinted, 'a')).toMatchObject({ hints: { '0.1': 2 }, solutionSeen: true });
    expect(progressOf(withStart(hinted, 'a', day(1)), 'a')).toMatchObject({ hints: {}, solutionSeen: true });
  });
});
