/** Is the suite worth its name? Breaks a private copy of the compiled code on purpose: named statements must notice. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesByStatement } from '../../src/verify/conformance/files.js';
import { STATEMENTS } from '../../src/verify/conformance/statements/index.js';
import { TestHost } from '../kernel/support/test-host.js';
import { DEFECTS } from './mutations.js';
import { brokenCopy } from './private-copy.js';
import { runStatements } from './run-statements.js';

const FILES = filesByStatement();

let host: TestHost;
let folder = '';

beforeAll(async () => {
  host = await TestHost.start();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-mutations-'));
});

afterAll(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await host.stop();
});

describe.concurrent('a defect', () => {
  for (const defect of DEFECTS) {
    const { name, fails, holds = [] } = defect;
    const expected = `${name}: ${fails.join(', ')} fail${holds.length > 0 ? `, ${holds.join(', ')} hold` : ''}`;
    const missing = [...fails, ...holds].filter((id) => !FILES.has(id));
    if (missing.length > 0) {
      it.skip(`${expected} (not covered: ${missing.join(', ')})`);
      continue;
    }
    it(expected, async () => {
      const { code, document } = await runStatements(host, [...fails, ...holds], brokenCopy(folder, defect));
      const found = document.statements.map(({ id, status }) => [id, status]);
      const failing = fails.map((id) => [id, 'fails']);
      const holding = holds.map((id) => [id, 'holds']);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries([...failing, ...holding]));
      expect(code).toBe(1);
    });
  }
});

it('every defect names statements of the index, and no two have one name', () => {
  const known = new Set(STATEMENTS.map(({ id }) => id));
  expect(DEFECTS.flatMap(({ fails, holds = [] }) => [...fails, ...holds]).filter((id) => !known.has(id))).toEqual([]);
  expect(new Set(DEFECTS.map(({ name }) => name)).size).toBe(DEFECTS.length);
});
