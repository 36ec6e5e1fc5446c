/** The pages of lessons fit a terminal of 80 columns. */
import { describe, expect, it } from 'vitest';
import { formatLessons, formatStory } from '../../../../src/cli/report/learn.js';
import { gradeDifference } from '../../../../src/lessons/grade-difference.js';
import { shippedLessons } from '../../../../src/lessons/load.js';
import { NO_PROGRESS } from '../../../../src/lessons/progress.js';
import type { GoalGrade, Grade } from '../../../../src/lessons/types.js';

const WIDTH = 80;
const LESSONS = await shippedLessons();

describe.each(LESSONS.map((lesson) => [lesson.id, lesson] as const))('the story of %s', (_id, lesson) => {
  const text = formatStory(lesson, 1, lesson.lab.cloud, { width: WIDTH });

  it('shows a picture of the lab', () => {
    for (const { name } of Object.values(lesson.lab.cloud.instances)) expect(text).toContain(name);
  });

  it('fits', () => {
    // A command to be typed stands on one line, however long it is.
    const prose = text.split('\n').filter((line) => !line.includes('sudo sglab '));
    expect(prose.filter((line) => line.length > WIDTH)).toEqual([]);
  });
});

it('the list fits', () => {
  const listed = LESSONS.map((lesson) => ({ lesson, key: lesson.id }));
  const text = formatLessons(listed, NO_PROGRESS, null, { width: WIDTH });
  expect(text.split('\n').filter((line) => line.length > WIDTH)).toEqual([]);
});

describe('what a change turned', () => {
  const grade = (statuses: Readonly<Record<string, GoalGrade['status']>>): Grade => ({
    status: 'failed',
    goals: Object.entries(statuses).map(([goal, status]) => ({ goal, status, cause: null, checks: [] })),
    ms: 0,
  });

  it('is green or red; what is not tried is neither', () => {
    const before = grade({ a: 'failed', b: 'passed', c: 'passed', d: 'passed', e: 'untried' });
    const after = grade({ a: 'passed', b: 'failed', c: 'untried', d: 'passed', e: 'passed' });
    expect(gradeDifference(before, after)).toEqual({ green: ['a', 'e'], red: ['b'] });
    expect(gradeDifference(null, after)).toEqual({ green: [], red: [] });
  });
});
