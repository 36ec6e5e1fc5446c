/** `sglab run` tells each step as it ends, runs some of them, and keeps what it knows when it is stopped. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestHost } from './support/test-host.js';
import { until } from './support/until.js';

const LAB = {
  vpcs: { v: { cidr: '10.0.0.0/16', subnets: { a: { cidr: '10.0.1.0/24' } } } },
  securityGroups: { g: { ingress: { protocol: 'tcp', ports: 80, from: '10.0.0.0/16' } } },
  instances: { web: { subnet: 'a', securityGroups: 'g', listen: 'tcp/80' }, db: { subnet: 'a', securityGroups: 'g' } },
};
const OPEN = { probe: 'db -> web tcp/80', expect: 'connected' };
const SHUT = { probe: 'db -> web tcp/22', expect: 'timed-out' };
const REVOKE = { revoke: { group: 'g', ingress: { protocol: 'tcp', ports: 80, from: '10.0.0.0/16' } } };

let host: TestHost;

beforeAll(async () => {
  host = await TestHost.start();
});

afterAll(() => host.stop());

const write = (name: string, steps: readonly object[]) => host.write(`${name}.yaml`, { name, ...LAB, steps });

it('tells a step while the next one runs, and on Ctrl-C reports the rest as not run', async () => {
  const first = write('first', [SHUT]);
  const second = write('second', [OPEN, { wait: '10m' }, SHUT]);
  const junit = path.join(host.directory, 'junit.xml');
  const tap = path.join(host.directory, 'run.tap');
  const run = host.startSglab(['run', first, second, first, '--junit', junit, '--tap', tap]);
  let told = '';
  run.process.stdout?.on('data', (data: Buffer) => {
    told += data.toString();
  });
  await until('the first step of the second file is told', () => told.includes('db -> web tcp/80'), 120_000);
  expect(told).toMatch(/✓ 1 passed, 0 failed/);
  run.process.kill('SIGINT');
  const { code, stdout: text, stderr } = await run.result;
  expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('interrupted') });
  expect(text).toMatch(/– {2}wait(ed)? 10m/);
  expect(text).toMatch(/– 1 passed, 0 failed, 2 not run/);
  expect(fs.readFileSync(junit, 'utf8')).toContain('tests="5" failures="0" errors="0" skipped="3"');
  expect(fs.readFileSync(tap, 'utf8')).toMatch(/^ok 5 - first: db -> web tcp\/22 # SKIP not run$/m);
});

it('--only runs what it names, and what changes the lab before it', async () => {
  const file = write('only', [OPEN, SHUT, REVOKE, { name: 'closed now', ...OPEN, expect: 'timed-out' }, OPEN]);
  const { steps } = await host.json<{ steps: { name: string; status: string; line: number }[] }>([
    'run',
    file,
    '--only',
    'closed*',
  ]);
  expect(steps.map(({ name, status }) => [name, status])).toEqual([
    ['revoke g: tcp/80 from 10.0.0.0/16', 'passed'],
    ['closed now', 'passed'],
  ]);
  const wrong = await host.sglab(['run', file, '--only', 'closed nov']);
  expect({ code: wrong.code, stderr: wrong.stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining('did you mean "closed now"?'),
  });
});

it('--list names the steps with their places, and --github the place of each failure', async () => {
  const file = write('marks', [OPEN, { ...SHUT, expect: 'connected' }]);
  const listed = await host.sglab(['run', file, '--list']);
  expect(listed.stdout).toMatch(new RegExp(`^marks\n  db -> web tcp/80 {2}\\(${file}:\\d+\\)\n  db -> web tcp/22 `));
  const { code, stdout } = await host.sglab(['run', file, '--github']);
  expect(stdout).toMatch(
    new RegExp(
      `^::error file=${file},line=1,title=db -> web tcp/22::expected connected, got timed-out at sg-ingress: `,
      'm',
    ),
  );
  expect(code).toBe(1);
});
