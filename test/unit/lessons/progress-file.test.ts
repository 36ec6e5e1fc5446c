/** Where progress is kept, and what becomes of a file that is none. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NO_PROGRESS, progressFile, readProgress, withStart, writeProgress } from '../../../src/lessons/progress.js';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-progress-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  fs.rmSync(directory, { recursive: true });
});

it('is where the environment says', () => {
  vi.stubEnv('XDG_STATE_HOME', '/x');
  expect(progressFile()).toBe('/x/sglab/learn.json');
  vi.stubEnv('SGLAB_STATE_DIR', '/own');
  expect(progressFile()).toBe('/own/learn.json');
});

it('is that of whoever called sudo', () => {
  vi.stubEnv('SUDO_UID', '0');
  vi.stubEnv('SUDO_GID', '0');
  vi.stubEnv('XDG_STATE_HOME', undefined);
  vi.stubEnv('SGLAB_STATE_DIR', undefined);
  expect(progressFile()).toMatch(/\/\.local\/state\/sglab\/learn\.json$/);
});

it('is empty at first, and read back as it was written, by everybody', () => {
  vi.stubEnv('SGLAB_STATE_DIR', path.join(directory, 'a/b'));
  expect(readProgress()).toEqual(NO_PROGRESS);
  const progress = withStart(NO_PROGRESS, '01-default-deny', new Date(0));
  writeProgress(progress);
  expect(readProgress()).toEqual(progress);
  expect(fs.readdirSync(path.join(directory, 'a/b'))).toEqual(['learn.json']);
});

it.each(['', '{', '[]', 'null', '{"version":2,"lessons":{}}', '{"version":1}'])('%j is no record', (text) => {
  vi.stubEnv('SGLAB_STATE_DIR', directory);
  fs.writeFileSync(path.join(directory, 'learn.json'), text);
  expect(readProgress).toThrow('is not a record of lessons');
});

it('that cannot be written says so', () => {
  fs.writeFileSync(path.join(directory, 'file'), '');
  vi.stubEnv('SGLAB_STATE_DIR', path.join(directory, 'file/below'));
  expect(() => writeProgress(NO_PROGRESS)).toThrow(/learn\.json" cannot be written: E/);
});
