/** A course of one's own: a git checkout with modules, of which one lesson is broken. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Validation } from '../../src/lessons/validate-lesson.js';
import { TestHost } from './support/test-host.js';

let host: TestHost;
let course: string;
beforeAll(async () => {
  host = await TestHost.start();
  course = path.join(host.directory, 'firewalls-101');
  for (const [folder, lesson] of [
    ['1-basics/1-ssh', '04-ssh-for-the-office'],
    ['1-basics/2-database', '05-database-by-group'],
    ['2-more/10-deny', '01-default-deny'],
    ['2-more/9-broken', '01-default-deny'],
  ] as const)
    fs.cpSync(path.resolve('scenarios/lessons', lesson), path.join(course, 'lessons', folder), { recursive: true });
  fs.mkdirSync(path.join(course, '.git/lessons'), { recursive: true });
  const broken = path.join(course, 'lessons/2-more/9-broken/lesson.yaml');
  fs.writeFileSync(broken, fs.readFileSync(broken, 'utf8').replace(/^title:/m, 'tittle:'));
});
afterAll(() => host?.stop());

const env = () => ({ SGLAB_STATE_DIR: path.join(host.directory, 'state') });
const learn = (...args: string[]) => host.sglab(['learn', ...args], { env: env() });
const PLACE = /2-more\/9-broken\/lesson\.yaml:1:1: unknown key "tittle".*did you mean "title"\?/;

it('is listed in its order, with what is broken by file and line', async () => {
  const { code, stdout } = await learn('--course', course);
  expect(code).toBe(0);
  expect(stdout).toMatch(/firewalls-101\s+0 of 3 passed/);
  expect(stdout.replace(/\s+/g, '')).toMatch(new RegExp(PLACE.source.replaceAll(' ', '')));
  const { stdout: json } = await host.sglab(['learn', '--json'], { env: { ...env(), SGLAB_COURSE: course } });
  const { lessons } = JSON.parse(json) as { lessons: { number: number; lesson: string }[] };
  expect(lessons.map(({ number, lesson }) => `${number} ${lesson}`)).toEqual(['1 1-ssh', '2 2-database', '4 10-deny']);
});

it('is worked through by number, with progress of its own', async () => {
  expect(await learn('start', '3', '--course', course)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(PLACE),
  });
  expect(await learn('--course', course, 'start', '2')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Lesson 2'),
  });
  for (const change of ['authorize db tcp/3306 from web', 'revoke db tcp/3306 from 10.0.1.17/32'])
    await host.sglab(change.split(' '), { env: env() });
  const { stdout } = await learn('check', '--course', course);
  expect(stdout).toContain(`Next: sudo sglab learn --course ${course} start 3`);
  expect((await learn('--course', course)).stdout).toContain('1 of 3 passed');
  expect((await learn()).stdout).toMatch(/0 of \d+ passed/);
});

it('is graded, a folder for each of its lessons', async () => {
  const folder = path.join(host.directory, 'class');
  fs.mkdirSync(path.join(folder, '1-ssh'), { recursive: true });
  const line = 'sglab learn start 1\nsglab modify web "just for five minutes" tcp/22 from 198.51.100.10/32\n';
  fs.writeFileSync(path.join(folder, '1-ssh/anna.txt'), line);
  const { stdout } = await learn('grade', folder, '--course', course, '--json');
  expect(JSON.parse(stdout).submissions).toMatchObject([{ lesson: '1-ssh', submission: 'anna', status: 'passed' }]);
});

it('is validated as a whole; a broken lesson costs only itself', async () => {
  const { code, stdout } = await learn('validate', course, '--json');
  expect(code).toBe(1);
  const { lessons } = JSON.parse(stdout) as { lessons: Validation[] };
  expect(lessons.map(({ lesson, valid }) => [lesson, valid])).toEqual([
    ['9-broken', false],
    ['1-ssh', true],
    ['2-database', true],
    ['10-deny', true],
  ]);
  expect(lessons[0]?.findings[0]?.says).toMatch(PLACE);
});

it('is none where there are no lessons', async () => {
  const empty = fs.mkdtempSync(path.join(host.directory, 'empty-'));
  expect(await learn('--course', empty)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no lesson in'),
  });
});
