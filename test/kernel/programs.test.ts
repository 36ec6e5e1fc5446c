/** Programs that steps start: what a step waits for, and what is left of them. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readHostState } from './support/host-state.js';
import { type QuietHost, startQuietHost } from './support/quiet-host.js';
import { SMALL } from './support/small-lab.js';
import { until } from './support/until.js';

let quiet: QuietHost;
beforeAll(async () => {
  quiet = await startQuietHost();
});
afterAll(() => quiet?.host.stop());

const exec = (run: string, more: object = {}) => ({ exec: { on: 'web', run, ...more } });

/** @returns of each step its status, its outcome and what was said about it */
async function runSteps(steps: readonly object[]): Promise<string[]> {
  const { host } = quiet;
  const { stdout, stderr } = await host.sglab(['run', host.write('steps.yaml', { ...SMALL, steps }), '--json']);
  expect(stderr).not.toContain('error');
  const { steps: done } = JSON.parse(stdout) as {
    steps: readonly { status: string; outcome: string; explanation: string }[];
  };
  return done.map(({ status, outcome, explanation }) => `${status}, ${outcome}: ${explanation}`);
}

it('a step is over when its command is, and its exit code is the command’s own', async () => {
  const done = await runSteps([
    exec('sleep 1000 & echo hi'),
    exec('yes >/dev/null & yes & head -c 1000000 /dev/zero | tr "\\0" x; echo; echo all of it', {
      output: 'all of it',
    }),
    exec('exit 124', { expect: 'fail' }),
    exec('timeout 0.1 sleep 1000'),
    exec('sleep 1000', { within: '100ms' }),
    exec("trap '' TERM; while :; do sleep 1; done", { within: '100ms' }),
    exec('kill -KILL $$', { expect: 'fail' }),
  ]);
  expect(done).toEqual([
    'passed, ok: hi',
    expect.stringMatching(/^passed, ok/),
    'passed, fail: ',
    'failed, fail: exit code 124, and it wrote nothing',
    'failed, timed out after 0.1 s: timed out after 0.1 s, and it wrote nothing',
    'failed, timed out after 0.1 s: timed out after 0.1 s, and it wrote nothing',
    'passed, fail: ',
  ]);
  expect(await readHostState(quiet.host)).toEqual(quiet.before);
});

it('what a step started ends with the run, in whatever namespaces it is, also when a signal ends the run', async () => {
  const { host, before } = quiet;
  const start = { start: { on: 'web', run: 'unshare -n unshare -Urpf sleep 1000' } };
  expect(await runSteps([start])).toEqual([expect.stringMatching(/^passed, started/)]);
  expect(await readHostState(host)).toEqual(before);
  const run = host.startSglab(['run', host.write('steps.yaml', { ...SMALL, steps: [start, { wait: '10m' }] })]);
  await until('it runs', () => host.processes(/^sleep\0/).length > 0, 120_000);
  run.process.kill('SIGTERM');
  await run.result;
  expect(await readHostState(host)).toEqual(before);
});

it('a log is written inside, wherever a link leads', async () => {
  const taken = path.join(fs.mkdtempSync('/var/tmp/sglab-test-'), 'taken');
  try {
    await runSteps([exec(`ln -s ${taken} sh.log`), { start: { on: 'web', run: 'echo from inside' } }]);
    expect(fs.existsSync(taken)).toBe(false);
  } finally {
    fs.rmSync(path.dirname(taken), { recursive: true });
  }
});
