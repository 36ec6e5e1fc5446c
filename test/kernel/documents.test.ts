/** The commands of README and docs, typed in order on a fresh host, and what the pages say that they print. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AWS_ALIAS, hasAws } from './support/aws-cli.js';
import { kill } from './support/test-host.js';
import { commandsOf, exitCodeOf, Typist } from './support/typist.js';
import { until } from './support/until.js';

let typist: Typist;
beforeAll(async () => {
  typist = await Typist.start();
});
afterAll(() => typist?.stop());

describe.each([
  ['README.md', 9],
  ['docs/getting-started.md', 9],
  ['docs/audit.md', 6],
  ['docs/verify.md', 4],
])('%s', (document, atLeast) => {
  it('shows commands that work one after the other, and leave nothing behind', async () => {
    const lines = commandsOf(document);
    expect(lines.length).toBeGreaterThanOrEqual(atLeast);
    for (const line of lines) {
      expect(await typist.type(line)).toMatchObject({ line, code: isTranscript(line) ? 1 : exitCodeOf(line) });
    }
    expect(typist.host.namespaces()).toEqual([]);
  });
});

describe.each(['docs/flow-logs.md', 'docs/history.md'])('%s', (document) => {
  it('shows commands that work one after the other', async () => {
    const lines = commandsOf(document);
    expect(lines.length).toBeGreaterThan(5);
    try {
      for (const line of lines) expect(await typist.type(line)).toMatchObject({ line, code: 0 });
    } finally {
      await typist.type('sudo sglab down');
    }
  });
});

it('docs/audit.md shows what the command prints', async () => {
  const [, line = '', page] =
    /```\n\$ (sudo sglab .*)\n([^`]*)```/.exec(fs.readFileSync('docs/audit.md', 'utf8')) ?? [];
  expect((await typist.type(line)).stdout).toBe(page);
});

it('docs/conformance.md shows how to run some statements', async () => {
  const some = commandsOf('docs/conformance.md').filter((line) => / S\d/.test(line));
  expect(some).toHaveLength(1);
  for (const line of some) {
    expect(await typist.type(line)).toMatchObject({ code: 0, stdout: expect.stringContaining('4 of 4 hold') });
  }
});

describe('docs/capture.md', () => {
  const [up = '', ...captures] = commandsOf('docs/capture.md');
  const transcript = captures.pop() ?? '';
  beforeAll(async () => {
    expect(await typist.type(up)).toMatchObject({ code: 0 });
  });
  afterAll(() => typist.type('sudo sglab down'));

  it.each(captures)('%s', async (line) => {
    const capture = typist.begin(line);
    if (!line.includes('--for')) await untilItCaptures(capture, () => interrupt());
    expect(await capture.result).toMatchObject({ code: 0, stderr: expect.stringMatching(/\d packets? in /) });
  });

  it('shows what a capture says of three probes', async () => {
    const text = fs.readFileSync('docs/capture.md', 'utf8');
    const [, page = ''] = / {4}\$ sudo sglab capture.*\n((?: {4}.*\n)+)/.exec(text) ?? [];
    const probes = [...text.matchAll(/`(sglab\s+probe [^`]*)`/g)].map(([, probe = '']) => probe);
    expect(probes).toHaveLength(3);
    const capture = typist.begin(`${transcript} 2>&1`);
    await untilItCaptures(capture, async () => {
      for (const probe of probes) await typist.type(probe);
    });
    const { code, stdout } = await capture.result;
    expect(code).toBe(0);
    expect(masked(stdout)).toBe(masked(page.replaceAll(/^ {4}/gm, '')));
  });

  async function untilItCaptures(
    capture: ReturnType<Typist['begin']>,
    then: () => void | Promise<void>,
  ): Promise<void> {
    let said = '';
    for (const stream of [capture.process.stdout, capture.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said += chunk;
      });
    }
    await until('it captures', () => said.includes('Ctrl-C ends it'));
    await then();
  }

  function interrupt(): void {
    for (const pid of typist.host.processes(/\0capture\0/)) kill(pid, 'SIGINT');
  }
});

describe.skipIf(!hasAws)('docs/ec2-api.md', () => {
  it('shows commands that work in one shell', async () => {
    const [, block = ''] = /\n\n((?: {4}.+\n)+)/.exec(fs.readFileSync('docs/ec2-api.md', 'utf8')) ?? [];
    expect(block).toContain('aws ec2 describe-security-groups');
    expect(await typist.type(`set -e\n${AWS_ALIAS}${block}`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/"GroupName": "default".*eu-central-1 is down/s),
    });
    expect(typist.host.namespaces()).toEqual([]);
  });
});

it('docs/scenarios.md shows a scenario that passes', async () => {
  const [, example = ''] = /```yaml\n([^`]*)```/.exec(fs.readFileSync('docs/scenarios.md', 'utf8')) ?? [];
  const file = path.join(typist.host.directory, 'shop.yaml');
  fs.writeFileSync(file, example);
  const { passed, failed, unknown } = await typist.host.json<Record<string, unknown>>(['run', file]);
  expect({ passed, failed, unknown }).toEqual({ passed: 7, failed: 0, unknown: 0 });
});

/** The audit whose findings the page shows: they are severe. */
function isTranscript(line: string): boolean {
  return line === 'sudo sglab audit scenarios/securecart-network-acl.yaml';
}

/** Without times, and with the ports that clients take in the order in which they appear. */
function masked(page: string): string {
  const ports = new Map<string, string>();
  return page
    .replaceAll(/\d+:\d+:\d+\.\d+/g, 'hh:mm:ss')
    .replaceAll(/ in [\d.]+ m?s/g, ' in … s')
    .replaceAll(/:(\d+)(?= >| {2}tcp)/g, (whole, port: string) => {
      if (['22', '80', '3306'].includes(port)) return whole;
      ports.set(port, ports.get(port) ?? `:client ${ports.size + 1}`);
      return ports.get(port) ?? whole;
    });
}
