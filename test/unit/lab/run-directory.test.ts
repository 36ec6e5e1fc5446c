import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { readHistory } from '../../../src/lab/history-file.js';
import { checkRunDirectory, readJournal } from '../../../src/lab/run-directory.js';
import { makeShop } from '../cloud/shop.js';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-run-'));
afterEach(() => vi.unstubAllEnvs());
afterAll(() => fs.rmSync(directory, { recursive: true }));

describe('a run directory', () => {
  const file = path.join(directory, 'file');
  fs.writeFileSync(file, '');

  it.each([
    ['', /^SGLAB_RUN_DIR is empty$/],
    ['run/here', /^SGLAB_RUN_DIR is "run\/here", which depends on the working directory$/],
    [file, /file" is no directory$/],
    [path.join(file, 'below'), /file" is no directory$/],
  ])('%j is refused with its reason', (word, message) => {
    vi.stubEnv('SGLAB_RUN_DIR', word);
    expect(checkRunDirectory).toThrow(
      expect.objectContaining({
        exitCode: 3,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/./),
      }),
    );
  });

  it('may be one that is not there yet', () => {
    vi.stubEnv('SGLAB_RUN_DIR', path.join(directory, 'to/come'));
    expect(checkRunDirectory).not.toThrow();
  });
});

describe('files of a lab that somebody broke', () => {
  const lab = path.join(directory, 'shop');
  fs.mkdirSync(lab);
  const change = { type: 'change', number: 1, time: 't', caller: 'c', action: 'a', requestId: 'r', changes: [] };

  it.each(['null', '7', '[]', '{"type":"change"}', '{"type":"verdict","before":{}}', '{"type":"other"}'])(
    'a line %s in the history is named',
    (line) => {
      vi.stubEnv('SGLAB_RUN_DIR', directory);
      fs.writeFileSync(path.join(lab, 'history.jsonl'), `${JSON.stringify(change)}\n{"type":"cha\n${line}\n`);
      expect(() => readHistory('shop')).toThrow(/history\.jsonl:3: this line is no entry of a history$/);
    },
  );

  it('but a line that a killed process left unfinished is none', () => {
    vi.stubEnv('SGLAB_RUN_DIR', directory);
    fs.writeFileSync(path.join(lab, 'history.jsonl'), `${JSON.stringify(change)}\n{"type":"cha\n`);
    expect(readHistory('shop')).toEqual([change]);
  });

  it.each([{}, { vpcs: [] }, { instances: null }, { name: 7 }, { serial: '1' }])(
    'a journal whose cloud has %j counts as none',
    (broken) => {
      vi.stubEnv('SGLAB_RUN_DIR', directory);
      const { cloud } = makeShop();
      const entry = { version: 3, file: null, definition: 1, cloud, change: null };
      const write = (value: object) => fs.writeFileSync(path.join(lab, 'state.json'), JSON.stringify(value));
      write(entry);
      expect(readJournal('shop')).toEqual(entry);
      write({ ...entry, cloud: Object.keys(broken).length === 0 ? 'none' : { ...cloud, ...broken } });
      expect(readJournal('shop')).toBeNull();
    },
  );
});
