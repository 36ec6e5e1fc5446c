/** What is wrong with a lesson is said with its place. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadLesson } from '../../../src/lessons/load.js';

const SHIPPED = 'scenarios/lessons/05-database-by-group';
const LESSON = fs.readFileSync(`${SHIPPED}/lesson.yaml`, 'utf8');
const LAB = fs.readFileSync(`${SHIPPED}/lab.yaml`, 'utf8');
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-lesson-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

function write(lesson: string, lab = LAB): string {
  fs.writeFileSync(path.join(directory, 'lesson.yaml'), lesson);
  fs.writeFileSync(path.join(directory, 'lab.yaml'), lab);
  return directory;
}

/** The lesson with one line replaced: that is where the problem is. */
function broken(from: string, to: string): { line: number; lesson: string } {
  const line = LESSON.slice(0, LESSON.indexOf(from)).split('\n').length;
  if (!LESSON.includes(from)) throw new Error(`the lesson has no ${from}`);
  return { line, lesson: LESSON.replace(from, to) };
}

describe('a lesson', () => {
  it('is read with its lab', async () => {
    const lesson = await loadLesson(SHIPPED);
    expect(lesson).toMatchObject({ id: '05-database-by-group', title: 'The database by group reference' });
    expect(lesson.labFile).toBe(path.resolve(SHIPPED, 'lab.yaml'));
    expect(lesson.goals[1]?.steps.map(({ name }) => name)).toEqual([
      'launch friday-1 in applications',
      'friday-1 -> db-1 tcp/3306',
    ]);
    expect(lesson.solution.map(({ type }) => type)).toEqual(['authorize', 'revoke']);
  });

  it.each([
    ['title: The database', 'titel: The database', 'unknown key "titel" at the top of the file; did you mean "title"?'],
    ['reaches: web-1 -> db-1', 'reeches: web-1 -> db-1', 'unknown key "reeches" in goals[0]; did you mean "reaches"?'],
    ['web-1 -> db-1 tcp/3306\n', 'web-7 -> db-1 tcp/3306\n', 'web-7'],
    ['friday-1 -> db-1', 'friday-2 -> db-1', 'friday-2'],
    [
      'when: by-accident',
      'when: by-acident',
      '"when" in goals[1].hints[0] cannot be "by-acident"; did you mean "by-accident"?',
    ],
    ['authorize db tcp/3306 from web\n', 'authorise db tcp/3306 from web\n', 'did you mean "authorize"?'],
    ['  - authorize db tcp/3306 from web\n', '  - authorize db tcp/3306 from wob\n', 'wob'],
    ['goal: Nobody else reaches the database\n    says', 'goal: Nobody\n    says', 'no goal is called "Nobody"'],
    ['launch: { name: friday-1,', 'launch: { nam: friday-1,', 'unknown key "nam"'],
    ['only: web -> db-1 tcp/3306\n', 'only: wab -> db-1 tcp/3306\n', '"wab" is nobody in this lab'],
    ['only: web -> db-1 tcp/3306\n', 'only: web tcp/3306\n', '"web tcp/3306" is not a flow'],
    ['only: web -> db-1 tcp/3306\n', 'only: web -> db-1 tcp\n', 'TCP and UDP need ports'],
    ['solution:\n', 'forbid: [authorise db]\nsolution:\n', '"authorise" is no change of a lab'],
    ['into: db-1\n', 'into: db-7\n', '"db-7" is nobody in this lab'],
    ['    into: db-1\n', '', '`only` of everything is too much to say'],
    ['    only: web -> db-1 tcp/3306\n', '', '`into` says nothing without `only`'],
  ])('with %j changed to %j says so, with the place', async (from, to, message) => {
    const { line, lesson } = broken(from, to);
    const problem = await loadLesson(write(lesson)).catch((error: Error) => error.message);
    expect(problem).toContain(message);
    expect(problem).toMatch(new RegExp(`lesson\\.yaml:(${line}|${line + 1}|${line - 1}):\\d+: `));
  });

  it('asks something in each goal, and one way only', async () => {
    const nothing = broken('    reaches: web-1 -> db-1 tcp/3306\n', '').lesson;
    await expect(loadLesson(write(nothing))).rejects.toThrow('the goal checks nothing');
    const both = broken('reaches: web-1 -> db-1 tcp/3306\n', 'reaches: web-1 -> db-1 tcp/3306\n    steps: []\n').lesson;
    await expect(loadLesson(write(both))).rejects.toThrow('a goal with steps has no other probes');
  });

  it('takes no steps that a grader cannot judge, and none in its lab', async () => {
    const wait = broken('reaches: web-1 -> db-1 tcp/3306\n', 'steps: [{ wait: 1s }]\n').lesson;
    await expect(loadLesson(write(wait))).rejects.toThrow('a goal cannot wait');
    const steps = `${LAB}steps: [{ advance: 1h }]\n`;
    await expect(loadLesson(write(LESSON, steps))).rejects.toThrow(/lab\.yaml:\d+:1: the lab of a lesson has no steps/);
  });

  it('says what is wrong with its lab as for any scenario', async () => {
    await expect(loadLesson(write(LESSON, LAB.replace('subnet: data,', 'subnet: date,')))).rejects.toThrow(
      /lab\.yaml:\d+:\d+: .*"date"/,
    );
  });

  it('is a folder with a lesson in it', async () => {
    await expect(loadLesson('scenarios')).rejects.toThrow('there is no lesson in "scenarios"');
  });
});
