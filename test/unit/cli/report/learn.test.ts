/** The pages of lessons fit a terminal of 80 columns. */
import { describe, expect, it } from 'vitest';
import { formatLessons, formatStory } from '../../../../src/cli/report/learn.js';
import { openCourse, readLessons } from '../../../../src/lessons/course.js';
import { gradeDifference } from '../../../../src/lessons/grade-difference.js';
import { NO_PROGRESS } from '../../../../src/lessons/progress.js';
import type { GoalGrade, Grade } from '../../../../src/lessons/types.js';

const WIDTH = 80;
const LESSONS = (await readLessons(openCourse().folders)).lessons;

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
  const lessons = LESSONS.map((lesson, at) => ({ lesson, key: lesson.id, number: at + 1 }));
  const broken = [
    {
      folder: '/x',
      problems: [`/courses/${'x'.repeat(20)}/lesson.yaml:3:1: unknown key "tittle"; did you mean "title"?`],
    },
  ];
  const course = { title: 'Lessons', option: '', lessons, broken, current: null };
  const text = formatLessons(course, NO_PROGRESS, { width: WIDTH });
  expect(text.split('\n').filter((line) => line.length > WIDTH)).toEqual([]);
});

describe('what a change turned', () => {
  const grade = (statuses: Readonly<Record<string, GoalGrade['status']>>): Grade => ({
    status: 'failed',
    goals: Object.entries(statuses).map(([goal, status]) => ({ goal, status, cause: null, checks: [], remarks: [] })),
    ms: 0,
  });

  it('is green or red; what is not tried is neither', () => {
    const before = grade({ a: 'failed', b: 'passed', c: 'passed', d: 'passed', e: 'untried' });
    const after = grade({ a: 'passed', b: 'failed', c: 'untried', d: 'passed', e: 'passed' });
    expect(gradeDifference(before, after)).toEqual({ green: ['a', 'e'], red: ['b'] });
    expect(gradeDifference(null, after)).toEqual({ green: [], red: [] });
  });
});
