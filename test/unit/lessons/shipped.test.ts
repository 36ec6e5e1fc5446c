/** What every shipped lesson has; test/kernel/lessons.test.ts says whether it is true. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLesson } from '../../../src/lessons/load.js';

const DIRECTORY = 'scenarios/lessons';
const FOLDERS = fs.readdirSync(DIRECTORY).sort();

/** What a reader takes in before he wants to do something. */
const MAX_STORY = 1500;

it('there are at least ten, numbered without a gap', () => {
  expect(FOLDERS.length).toBeGreaterThanOrEqual(10);
  expect(FOLDERS.map((folder) => Number(folder.slice(0, 2)))).toEqual(FOLDERS.map((_, at) => at + 1));
});

describe.each(FOLDERS)('%s', async (folder) => {
  const lesson = await loadLesson(path.join(DIRECTORY, folder));

  it('is told in plain words, and not at length', () => {
    expect(lesson.title).toMatch(/^[A-Z].{4,40}[^.]$/);
    expect(lesson.idea).toMatch(/^[A-Z].+\.$/);
    expect(lesson.story.length).toBeLessThan(MAX_STORY);
    expect(lesson.moral.length).toBeGreaterThan(80);
    for (const file of ['lesson.yaml', 'lab.yaml']) {
      const lines = fs.readFileSync(path.join(DIRECTORY, folder, file), 'utf8').split('\n');
      expect(lines.filter((line) => line.length > 140)).toEqual([]);
    }
  });

  it('asks for what must pass and for what must stay shut', () => {
    const probes = lesson.goals.flatMap(({ steps }) => steps).flatMap((step) => (step.type === 'probe' ? step : []));
    const expected = new Set(probes.map(({ expect: { outcome } }) => outcome));
    expect([...expected]).toEqual(expect.arrayContaining(['connected', 'timed-out']));
  });

  it('has graduated hints, and repairs that must be caught, one of them too open', () => {
    const hints = lesson.goals.flatMap((goal) => goal.hints);
    expect(hints.length).toBeGreaterThanOrEqual(2);
    for (const { say } of hints) expect(say).toHaveLength(3);
    expect(lesson.wrong.length).toBeGreaterThanOrEqual(2);
    expect(lesson.wrong.map(({ caught }) => caught)).toContain('too-open');
  });
});
