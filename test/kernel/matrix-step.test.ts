/** The table of scenarios/three-tier.yaml holds on the kernel, and a broken rule fails it cell by cell. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJunit } from './support/junit.js';
import { TestHost } from './support/test-host.js';

const TEXT = fs.readFileSync('scenarios/three-tier.yaml', 'utf8');
const lineOf = (part: string) => TEXT.slice(0, TEXT.indexOf(part)).split('\n').length;

let host: TestHost;

beforeAll(async () => {
  host = await TestHost.start();
});

afterAll(() => host.stop());

interface Step {
  readonly name: string;
  readonly status: string;
  readonly outcome: string;
  readonly stage: string | null;
  readonly rule: string | null;
  readonly explanation: string;
  readonly file: string;
  readonly line: number;
  readonly step: number;
}

/** The results of the first step in a copy of the file. */
async function run(text: string): Promise<{ readonly steps: Step[]; readonly file: string; readonly code: unknown }> {
  const file = path.join(host.directory, 'three-tier.yaml');
  fs.writeFileSync(file, text);
  const junit = path.join(host.directory, 'junit.xml');
  const { code, stdout, stderr } = await host.sglab(['run', file, '--json', '--junit', junit]);
  if (stdout === '') throw new Error(stderr);
  const { steps } = JSON.parse(stdout) as { steps: Step[] };
  expect(readJunit(junit).map(({ name }) => name.replaceAll('&gt;', '>'))).toEqual(steps.map(({ name }) => name));
  return { steps: steps.filter(({ step }) => step === 1), file, code };
}

describe('the whole matrix of three tiers', () => {
  it('holds, and is one result', async () => {
    const { steps, code } = await run(TEXT);
    expect(steps).toMatchObject([{ name: 'who reaches whom', status: 'passed', line: lineOf('- name: who reaches') }]);
    expect(steps[0]?.explanation).toMatch(/^\d{4} probes: 302 connected, /);
    expect(code).toBe(0);
  });

  it('names each cell that a surplus rule opens, with the rule and the line of the table', async () => {
    const wider = TEXT.replace('ports: db, from: app,', 'ports: [db, admin], from: 0.0.0.0/0,').replace(
      'to: [web, app]',
      'to: [web, app, db]',
    );
    const { steps, file, code } = await run(wider);
    const failed = steps.filter(({ status }) => status === 'failed');
    expect(failed.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5].map((n) => `bastion -> db-${n} tcp/22`));
    for (const cell of failed) {
      expect(cell).toMatchObject({ outcome: 'refused', file, line: lineOf('- name: who reaches'), step: 1 });
      expect(cell.rule).toMatch(/^sgr-/);
    }
    expect(code).toBe(1);
  });

  it('names each cell that a missing rule closes, with the stage and the line that allows it', async () => {
    const line =
      '      - { protocol: tcp, ports: admin, from: bastion, description: SSH from the bastion }\n    egress: { protocol: tcp, ports: db';
    const { steps, file } = await run(TEXT.replace(line, line.slice(line.indexOf('\n') + 1)));
    const failed = steps.filter(({ status }) => status === 'failed');
    expect(failed.map(({ name }) => name)).toEqual(
      Array.from({ length: 12 }, (_, at) => `bastion -> app-${at + 1} tcp/22`),
    );
    for (const cell of failed) {
      expect(cell).toMatchObject({ stage: 'sg-ingress', file, line: lineOf('- bastion -> web-*') - 1 });
    }
  });
});
