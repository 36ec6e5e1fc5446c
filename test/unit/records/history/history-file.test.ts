import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HistoryFile, readHistory } from '../../../../src/lab/history-file.js';
import type { ChangeEntry } from '../../../../src/records/history/types.js';

const change = (number: number): ChangeEntry => {
  return { type: 'change', number, time: '2026-01-01', caller: 'sglab', action: 'x', requestId: 'r', changes: [] };
};
const numbers = () => readHistory('lab').map((entry) => (entry.type === 'change' ? entry.number : 0));
const earlier = process.env.SGLAB_RUN_DIR;
let directory = '';
let file = '';
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-history-'));
  process.env.SGLAB_RUN_DIR = directory;
  file = path.join(directory, 'lab', 'history.jsonl');
});
afterEach(() => {
  if (earlier === undefined) delete process.env.SGLAB_RUN_DIR;
  else process.env.SGLAB_RUN_DIR = earlier;
  fs.rmSync(directory, { recursive: true });
});

it('goes on where the last process ended', () => {
  new HistoryFile('lab', null).add(change(1));
  const next = new HistoryFile('lab', change(1));
  expect(next.last).toBe(1);
  next.add(change(2));
  expect(numbers()).toEqual([1, 2]);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
});

it('is not spoilt by a line that was never finished: the journal knows what it said', () => {
  new HistoryFile('lab', null).add(change(1));
  fs.appendFileSync(file, JSON.stringify(change(2)).slice(0, 20));
  expect(numbers()).toEqual([1]);
  const next = new HistoryFile('lab', change(2));
  next.add(change(3));
  expect(numbers()).toEqual([1, 2, 3]);
});

it('takes along with the next entry what the disk did not take', () => {
  const history = new HistoryFile('lab', null);
  fs.mkdirSync(file, { recursive: true }); // no file can be written there
  history.add(change(1));
  fs.rmdirSync(file);
  history.add(change(2));
  expect(numbers()).toEqual([1, 2]);
});

it('does not grow without end: the oldest entries go, and the numbers go on', () => {
  const long = { ...change(1), action: 'x'.repeat(1024 * 1024) };
  const history = new HistoryFile('lab', null);
  const sizes = Array.from({ length: 30 }, (_, at) => {
    history.add({ ...long, number: at + 1 });
    return fs
      .readdirSync(path.dirname(file))
      .reduce((sum, name) => sum + fs.statSync(path.join(directory, 'lab', name)).size, 0);
  });
  expect(Math.max(...sizes)).toBeLessThan(12 * 1024 * 1024);
  expect(numbers()).toEqual(Array.from({ length: numbers().length }, (_, at) => 31 - numbers().length + at));
  expect(numbers().length).toBeGreaterThan(4);
  expect(new HistoryFile('lab', null).last).toBe(30);
});
