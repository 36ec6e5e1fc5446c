/** The command itself: what it says and returns when statements hold, fail, cannot tell or are not covered. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readHostState } from '../kernel/support/host-state.js';
import { TestHost } from '../kernel/support/test-host.js';
import { until } from '../kernel/support/until.js';
import { type PrivateCopy, privateCopy } from './private-copy.js';
import { runStatements } from './run-statements.js';

let host: TestHost;
let folder = '';
let copy: PrivateCopy;

beforeAll(async () => {
  host = await TestHost.start();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-command-'));
  copy = privateCopy(folder, { ownScenarios: true });
  write('s001', [OPEN]);
  write('s002', [OPEN, { ...OPEN, expect: 'timed-out' }, OPEN]);
  write('s003', [OPEN, { exec: { on: 'c', run: 'no-such-program' } }]);
  write('s005', Array<object>(300).fill({ exec: { on: 'c', run: LONG } }));
  write('s006-one', [OPEN]);
  write('s006-two', [{ ...OPEN, expect: 'timed-out' }]);
});

afterAll(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await host.stop();
});

/** A run ends between two steps. */
const LONG = 'sleep 0.2123';
const IS_LONG = /0\.2123/;
const OPEN = { probe: 'c -> v tcp/80', expect: 'connected' };

function write(name: string, steps: readonly object[]): void {
  const definition = {
    name,
    vpcs: { main: { cidr: '10.0.0.0/16', subnets: { a: { cidr: '10.0.1.0/24' } } } },
    instances: { c: { subnet: 'a' }, v: { subnet: 'a', listen: 'tcp/80' } },
    steps,
  };
  fs.writeFileSync(path.join(copy.conformance ?? '', `${name.replace('s', 'S')}.yaml`), JSON.stringify(definition));
}

function conformance(...words: string[]) {
  return host.start(process.execPath, [copy.main, 'conformance', ...words]);
}

async function expectNothingLeft(): Promise<void> {
  const { namespaces, files, processes } = await readHostState(host);
  expect({ namespaces, files, processes }).toEqual({ namespaces: [], files: [], processes: [] });
}

it('all that are covered hold: 0, and what is not covered is said', async () => {
  const { code, stdout, stderr } = await conformance('S1', 'S4').result;
  expect(stdout).toMatch(/^8\.1 Default deny.*\n\n {2}S1 +✓ +\d.*V's group is new/);
  expect(stdout).toMatch(/S4 +– .*\n.*not covered: /);
  expect(stdout).toMatch(/\n1 of 2 hold, 0 fail, 1 not covered {3}in /);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await expectNothingLeft();
});

it('one fails: 1, with the step and its cause, and the others are run all the same', async () => {
  const { code, stdout } = await conformance('S1-S3').result;
  expect(stdout).toMatch(/S2 +✗/);
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /S002\.yaml, step 2: c -> v tcp\/80: connected, expected timed-out: v accepted the connection: sgr-/,
  );
  expect(stdout).toContain('1 of 3 hold, 1 fail, 1 unknown, 0 not covered');
  expect(code).toBe(1);
});

it('could not tell: 4, which is no pass', async () => {
  const { code, stdout } = await conformance('S1', 'S3').result;
  expect(stdout).toMatch(/S3 +\?/);
  expect(stdout).toContain('1 of 2 hold, 0 fail, 1 unknown, 0 not covered');
  expect(code).toBe(4);
});

it('nothing covered: 4, because nothing is known', async () => {
  expect(await conformance('S4').result).toMatchObject({ code: 4 });
});

it('a statement with several files holds only if all of them do', async () => {
  const { code, document } = await runStatements(host, ['S6'], copy.main);
  expect(document).toMatchObject({ total: 1, holds: 0, fails: 1, unknown: 0, notCovered: 0 });
  expect(document.statements).toMatchObject([{ id: 'S6', status: 'fails', steps: 2 }]);
  expect(code).toBe(1);
});

it.each([
  ['S127', /S1 to S126/],
  ['S9-S4', /S4-S9/],
  ['--jsn', /--json/],
])('%s is refused: 2', async (word, hint) => {
  const { code, stdout, stderr } = await conformance('S1', word).result;
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(hint) });
});

it('steps that send no packet are refused: 2, before any lab is built', async () => {
  write('s007', [{ start: { on: 'c', run: 'sleep 1' } }]);
  const { code, stderr } = await conformance('S1', 'S7').result;
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('S007.yaml sends no packet') });
  await expectNothingLeft();
});

it('two runs at once do not meet', async () => {
  const runs = await Promise.all([conformance('S1').result, conformance('S1').result, conformance('S1').result]);
  expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual(runs.map(() => ({ code: 0, stderr: '' })));
  await expectNothingLeft();
});

it('Ctrl-C takes every lab down', async () => {
  const run = conformance('S1', 'S5');
  await until('the program of S5 runs', () => host.processes(IS_LONG).length > 0);
  run.process.kill('SIGINT');
  expect(await run.result).toMatchObject({ code: 130, stdout: '' });
  await expectNothingLeft();
});

it('what a killed run left goes with the next one', async () => {
  const run = conformance('S5');
  await until('the program of S5 runs', () => host.processes(IS_LONG).length > 0);
  run.process.kill('SIGKILL');
  await run.result;
  expect(host.namespaces()).not.toEqual([]);
  expect(await conformance('S1').result).toMatchObject({ code: 0 });
  await expectNothingLeft();
});
