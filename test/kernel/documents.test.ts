/** The commands of README and of the first pages, typed in order on a fresh host; the example of docs/scenarios.md, run. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIN, TestHost } from './support/test-host.js';

const ROOT = path.resolve('.');

let host: TestHost;
beforeAll(async () => {
  host = await TestHost.start();
});
afterAll(() => host?.stop());

/** Lines that a shell is given, in fenced blocks or indented, `scripts/sglab` and `sglab` alike. */
function commandsOf(document: string): string[] {
  const lines = fs.readFileSync(document, 'utf8').split('\n');
  const commands = lines.filter((line) => /^(?: {4})?(?:\$ )?sudo (?:scripts\/)?sglab /.test(line));
  return commands.map((line) => line.trim().replace(/^\$ /, '').replace('scripts/sglab', 'sglab'));
}

/** As a person types it in the checkout who is root already. */
async function type(line: string): Promise<{ line: string; code: number | string; stdout: string; stderr: string }> {
  const shell = `sudo() { "$@"; }; sglab() { '${process.execPath}' '${MAIN}' "$@"; }; cd '${ROOT}'; ${line}`;
  const env = { SGLAB_STATE_DIR: path.join(host.directory, 'state') };
  const { code, stdout, stderr } = await host.start('bash', ['-c', shell], { env }).result;
  return { line, code, stdout, stderr };
}

describe.each(['README.md', 'docs/getting-started.md'])('%s', (document) => {
  it('shows commands that work one after the other, and leave nothing behind', async () => {
    const lines = commandsOf(document);
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      const expected = Number(/# exit code (\d)/.exec(line)?.[1] ?? 0);
      const done = await type(line);
      expect(done).toMatchObject({ line, code: expected });
    }
    expect(host.namespaces()).toEqual([]);
  });
});

describe.each(['docs/flow-logs.md', 'docs/history.md'])('%s', (document) => {
  it('shows commands that work one after the other', async () => {
    const lines = commandsOf(document);
    expect(lines.length).toBeGreaterThan(5);
    try {
      for (const line of lines) expect(await type(line)).toMatchObject({ line, code: 0 });
    } finally {
      await type('sudo sglab down');
    }
  });
});

it('docs/scenarios.md shows a scenario that passes', async () => {
  const [, example = ''] = /```yaml\n([^`]*)```/.exec(fs.readFileSync('docs/scenarios.md', 'utf8')) ?? [];
  const file = path.join(host.directory, 'shop.yaml');
  fs.writeFileSync(file, example);
  const { passed, failed, unknown } = await host.json<Record<string, unknown>>(['run', file]);
  expect({ passed, failed, unknown }).toEqual({ passed: 7, failed: 0, unknown: 0 });
});
