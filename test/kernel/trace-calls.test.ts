/** The tracer traces the product, and leaves nothing. scripts/trace-calls adds set-up and namespaces, which a test host has. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Result, TestHost } from './support/test-host.js';

let host: TestHost;
beforeAll(async () => {
  execFileSync('node_modules/.bin/tsc', ['-p', 'test/trace']);
  host = await TestHost.start();
});
afterAll(() => host?.stop());

async function trace(...args: string[]): Promise<Result> {
  const result = await host.start(process.execPath, [`${process.cwd()}/.setup/trace/main.js`, ...args]).result;
  expect({ namespaces: host.namespaces(), processes: host.processes() }).toEqual({ namespaces: [], processes: [] });
  return result;
}

it('traces a command in the controller, another one in its own process', async () => {
  const { code, stdout, stderr } = await trace(
    '--sequence',
    'authorize web tcp/443 from 0.0.0.0/0',
    'validate scenarios/ping.yaml',
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [table = '', authorize = '', validate = ''] = stdout.split('\n\n');
  const [, first = '', second = ''] = table.split('\n');
  for (const [line, sequence] of [
    [first, authorize],
    [second, validate],
  ]) {
    const [, files, visits, returns] = (/(\d+) +(\d+) +(\d+)$/.exec(line ?? '') ?? []).map(Number);
    const [, ...rows] = (sequence ?? '').trimEnd().split('\n');
    expect(rows).toHaveLength(visits ?? 0);
    expect(rows.filter((row) => row.startsWith('+'))).toHaveLength(files ?? 0);
    expect(files).toBeGreaterThan(0);
    expect(returns).toBeGreaterThan(0);
  }
});

it('says why a command failed', async () => {
  const { code, stdout, stderr } = await trace('probe nobody web-1 tcp/443');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('there is no machine nobody');
});
