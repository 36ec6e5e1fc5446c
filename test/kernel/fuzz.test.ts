/** Random histories: none makes model and kernel disagree, unless one of them is broken. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenCopy, type CodeDefect } from '../conformance/private-copy.js';
import { MODEL_DEFECTS, RULESET_DEFECTS } from './fuzz-defects.js';
import { MAIN, TestHost } from './support/test-host.js';

/** On these they disagreed once. */
const HISTORIES = path.resolve('test/fixtures/histories');

/** Of the table in docs/verify.md. */
const SEED = 1;

/** `SGLAB_FUZZ_DEFECTS=all` tries all and prints how many histories each took; without it, these. */
const SOME: ReadonlySet<string> = new Set([
  'the last rule of a group is dropped',
  'answers of TCP and ICMP are judged like everything else',
]);
const isAll = process.env.SGLAB_FUZZ_DEFECTS === 'all';
const MOST = isAll ? 5000 : 400;
const LIMIT_MS = isAll ? 3_600_000 : 300_000;
const isChosen = ({ name }: CodeDefect) => isAll || SOME.has(name);

interface Document {
  readonly histories: number;
  readonly disagreement: string | null;
  readonly scenario: string | null;
}

let host: TestHost;
let folder = '';
beforeAll(async () => {
  host = await TestHost.start();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-fuzz-'));
});
afterAll(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await host.stop();
});

/** Searches with the broken sglab. @returns its main.js and the file of the smallest history found */
async function find(defect: CodeDefect): Promise<{ main: string; file: string }> {
  const main = brokenCopy(folder, defect);
  const words = ['verify', '--fuzz', `${MOST}`, '--seed', `${SEED}`, '--json'];
  const { code, stdout, stderr } = await host.start(process.execPath, [main, ...words]).result;
  expect({ code, stderr }).toMatchObject({ code: 1 });
  const { histories, disagreement, scenario } = JSON.parse(stdout) as Document;
  if (isAll) process.stdout.write(`| ${defect.name} | ${histories + 1} | ${disagreement} |\n`);
  const copy = path.dirname(path.dirname(path.dirname(main)));
  const file = path.join(copy, 'found.yaml');
  // Labs of one name cannot be up together.
  const name = `found-${path.basename(copy).slice(-6).toLowerCase()}`;
  fs.writeFileSync(file, (scenario ?? '').replace(/^name: found$/m, `name: ${name}`));
  return { main, file };
}

/** @returns the exit code of `sglab run` */
async function run(main: string, file: string) {
  return (await host.start(process.execPath, [main, 'run', file]).result).code;
}

it('model and kernel agree about histories that nobody has seen before', async () => {
  const { code, stdout } = await host.sglab(['verify', '--fuzz', '40']);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining('agrees with the kernel   40 histories'),
  });
  expect(host.namespaces()).toEqual([]);
});

describe.concurrent('is as it should be now:', () => {
  it.each(fs.readdirSync(HISTORIES))('%s', async (file) => {
    expect(await run(MAIN, path.join(HISTORIES, file))).toBe(0);
  });
});

describe.concurrent('is found, and its history fails until it is repaired:', () => {
  for (const defect of RULESET_DEFECTS.filter(isChosen)) {
    it(defect.name, { timeout: LIMIT_MS }, async () => {
      const { main, file } = await find(defect);
      expect({ broken: await run(main, file), repaired: await run(MAIN, file) }).toEqual({ broken: 1, repaired: 0 });
    });
  }
});

describe.concurrent('is found, and its history contradicts the kernel:', () => {
  // The history expects what the model said, which is wrong here.
  for (const defect of MODEL_DEFECTS) {
    it.skipIf(!isChosen(defect))(defect.name, { timeout: LIMIT_MS }, async () => {
      const { file } = await find(defect);
      expect(await run(MAIN, file)).toBe(1);
    });
  }
});
