import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeOutput } from '../../../src/cli/output.js';
import { appendToFile, createFile, PRIVATE, REPORT, replaceFile } from '../../../src/kernel/safe-file.js';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-safe-file-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

const at = (name: string) => path.join(directory, name);
const mode = (file: string) => fs.statSync(file).mode & 0o777;
const WRITERS = {
  replace: (file: string) => replaceFile(file, 'ours', REPORT),
  create: (file: string) => fs.closeSync(createFile(file, REPORT)),
  append: (file: string) => appendToFile(file, 'ours'),
} as const;

it.each(Object.entries(WRITERS))('%s follows no link, to a file or to none', (_name, write) => {
  const target = at('target');
  fs.writeFileSync(target, 'theirs');
  for (const [link, to] of [
    ['link', target],
    ['dangling', at('nothing')],
  ] as const) {
    fs.symlinkSync(to, at(link));
    expect(() => write(at(link))).toThrow(expect.objectContaining({ code: 'ELOOP' }));
    fs.rmSync(at(link));
  }
  expect(fs.readFileSync(target, 'utf8')).toBe('theirs');
  expect(fs.existsSync(at('nothing'))).toBe(false);
  expect(fs.readdirSync(directory)).toEqual(['target']);
  fs.rmSync(target);
});

it('a file is whole, and has its mode whatever it had before', () => {
  const file = at('report.xml');
  fs.writeFileSync(file, 'before', { mode: 0o666 });
  const reader = fs.openSync(file, 'r');
  replaceFile(file, 'after', REPORT);
  expect([fs.readFileSync(file, 'utf8'), mode(file), fs.readFileSync(reader, 'utf8')]).toEqual([
    'after',
    0o640,
    'before',
  ]);
  fs.closeSync(reader);
  replaceFile(file, 'secret', PRIVATE);
  expect(mode(file)).toBe(0o600);
  fs.rmSync(file);
  appendToFile(file, 'a');
  appendToFile(file, 'b');
  expect([fs.readFileSync(file, 'utf8'), mode(file)]).toEqual(['ab', 0o600]);
  fs.rmSync(file);
});

it('a device stays a device; what is neither is refused with the reason', async () => {
  replaceFile('/dev/null', 'x', REPORT);
  expect(fs.statSync('/dev/null').isCharacterDevice()).toBe(true);
  expect(() => replaceFile('/dev/full', 'x', REPORT)).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
  fs.symlinkSync('/etc/passwd', at('link'));
  await expect(writeOutput(at('link'), 'x')).rejects.toThrow(/cannot be written: it is a symbolic link/);
  await expect(writeOutput(directory, 'x')).rejects.toThrow(/it is a directory/);
  await expect(writeOutput(at('no/file'), 'x')).rejects.toThrow(/there is no such directory/);
});
