import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Flip, flipped, flipsOf, readSteps } from './support/flip.js';
import { type HostState, readHostState } from './support/host-state.js';
import { type JunitCase, readJunit } from './support/junit.js';
import { TestHost } from './support/test-host.js';

const DIRECTORY = path.resolve('scenarios');
const FILES = fs.readdirSync(DIRECTORY).filter((file) => file.endsWith('.yaml'));

/** Decides which expectations are flipped; to repeat a failure, set it to what the title of the tests says. */
const SEED = Number(process.env.SGLAB_TEST_SEED ?? Math.floor(Math.random() * 1000));

/** Programs that some scenarios start, and the packages that have them. */
const PACKAGES: Readonly<Record<string, string>> = {
  initdb: 'postgresql',
  psql: 'postgresql',
  curl: 'curl',
  python3: 'python3',
  tcpdump: 'tcpdump',
  dig: 'bind9-dnsutils',
  haproxy: 'haproxy',
};

let host: TestHost;
let before: HostState;

beforeAll(async () => {
  host = await TestHost.start();
  before = await readHostState(host);
});

afterAll(async () => {
  try {
    expect(await readHostState(host)).toEqual(before);
  } finally {
    await host.stop();
  }
});

interface RunDocument {
  readonly passed: number;
  readonly failed: number;
  readonly unknown: number;
  readonly steps: readonly { readonly name: string; readonly outcome: string; readonly expected: string | null }[];
}

interface Run {
  readonly code: number | NodeJS.Signals;
  readonly stderr: string;
  readonly document: RunDocument;
  readonly cases: readonly JunitCase[];
}

async function runFile(file: string, lab: string): Promise<Run> {
  const junit = path.join(host.directory, `${lab}.xml`);
  const { code, stdout, stderr } = await host.sglab(['run', file, '--json', '--junit', junit, '--lab', lab]);
  if (stdout === '') throw new Error(`sglab run ${file} ended with ${code}: ${stderr}`);
  return { code, stderr, document: JSON.parse(stdout) as RunDocument, cases: readJunit(junit) };
}

async function runFlipped(file: string, flips: readonly Flip[], lab: string): Promise<Run> {
  const copy = path.join(host.directory, `${lab}.yaml`);
  fs.writeFileSync(copy, flipped(fs.readFileSync(path.join(DIRECTORY, file), 'utf8'), flips));
  return runFile(copy, lab);
}

/** Exactly the flipped steps failed, each with a cause. */
function expectFailures({ code, document, cases }: Run, flips: readonly Flip[]): void {
  const failed = cases.flatMap(({ problem }, at) => (problem === null ? [] : [at]));
  expect(failed).toEqual(flips.map(({ step }) => step));
  expect(document).toMatchObject({ failed: flips.length, passed: cases.length - flips.length, unknown: 0 });
  expect(code).toBe(1);
  for (const { problem } of cases) expect(problem?.cause ?? 'passed').not.toBe('');
}

/** Why a scenario cannot run here; empty if it can. */
function reasonToSkip(file: string): string {
  const text = fs.readFileSync(path.join(DIRECTORY, file), 'utf8');
  const missing = Object.keys(PACKAGES).find((program) => text.includes(program) && !isInstalled(program));
  return missing === undefined ? '' : ` (skipped: no ${missing} here, apt install ${PACKAGES[missing]})`;
}

/** PostgreSQL's server programs are not on the path. */
function isInstalled(program: string): boolean {
  const versions = '/usr/lib/postgresql';
  const servers = fs.existsSync(versions)
    ? fs.readdirSync(versions).map((version) => `${versions}/${version}/bin`)
    : [];
  const places = [...(process.env.PATH ?? '').split(':'), ...servers];
  return places.some((place) => fs.existsSync(path.join(place, program)));
}

describe.concurrent.each(FILES)('%s', (file) => {
  const name = path.basename(file, '.yaml');
  const reason = reasonToSkip(file);

  it.skipIf(reason !== '')(`does what it says${reason}`, async () => {
    const { code, stderr, document, cases } = await runFile(path.join(DIRECTORY, file), name);
    expect(cases.filter(({ problem }) => problem !== null)).toEqual([]);
    expect(document).toMatchObject({ passed: cases.length, failed: 0, unknown: 0 });
    expect(document.steps.length).toBeGreaterThan(0);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  it.skipIf(reason !== '')(`fails where an expectation is flipped, seed ${SEED}${reason}`, async () => {
    // One flip for each other step: the steps between have to pass all the same.
    const steps = readSteps(fs.readFileSync(path.join(DIRECTORY, file), 'utf8'));
    const flips = steps.flatMap((step, at) => {
      const possible = at % 2 === SEED % 2 ? flipsOf(step, at) : [];
      return possible[(SEED + at) % Math.max(possible.length, 1)] ?? [];
    });
    expect(flips).not.toEqual([]);
    expectFailures(await runFlipped(file, flips, `${name}-flipped`), flips);
  });
});

describe('securecart-web.yaml', () => {
  const file = 'securecart-web.yaml';
  const steps = readSteps(fs.readFileSync(path.join(DIRECTORY, file), 'utf8'));

  it.each(steps.flatMap((step, at) => flipsOf(step, at)))(
    'fails at step $step with $key flipped, and only there',
    async (flip) => {
      const run = await runFlipped(file, [flip], `web-${flip.step}-${flip.key}`);
      expectFailures(run, [flip]);
    },
  );
});
