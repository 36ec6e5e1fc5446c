/** Every call of a lab to the kernel and to its files fails: then the lab is what it was, and the next command converges. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyMutation } from '../../../src/changes/mutation.js';
import type { Mutation } from '../../../src/changes/verbs.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { KernelError } from '../../../src/kernel/errors.js';
import { FakeKernel, type Faults } from '../../../src/kernel/fake-kernel.js';
import { Lab } from '../../../src/lab/lab.js';
import { LabTraffic } from '../../../src/lab/lab-traffic.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { SMALL } from '../../kernel/support/small-lab.js';
import { contents } from './fake-contents.js';

const NAME = `faults-${process.pid}`;
const { cloud: CLOUD } = parseScenario(JSON.stringify({ ...SMALL, name: NAME, steps: [] }), 'the small lab');

const RULE = { direction: 'ingress', protocol: 'tcp', fromPort: 22, toPort: 22, description: null } as const;
const NEWCOMER = { name: 'new', subnet: 's', groups: ['web'], privateIp: null, publicIp: true, listen: [] };
const CHANGES: readonly Mutation[] = [
  { type: 'authorize', group: 'web', rules: [{ ...RULE, peer: '0.0.0.0/0' }] },
  { type: 'source-dest-check', instance: 'app', enabled: false },
  { type: 'launch', machine: NEWCOMER },
  { type: 'terminate', machine: 'web' },
];

/** Fails the calls from one on, as often as it is told; those before it succeed. */
class Injector {
  #left = Number.POSITIVE_INFINITY;
  #times = 0;
  hits = 0;

  arm(at: number, times: number): void {
    this.#left = at;
    this.#times = times;
    this.hits = 0;
  }

  disarm(): void {
    this.#left = Number.POSITIVE_INFINITY;
  }

  readonly pass = (failure: () => Error): void => {
    if (this.#left-- > 0 || this.hits >= this.#times) return;
    this.hits += 1;
    throw failure();
  };
}

/** Calls that need a descriptor or space; a reading that fails must not pass for a file that is not there. */
const FILE_CALLS = [
  'mkdirSync',
  'openSync',
  'readFileSync',
  'readdirSync',
  'writeSync',
  'writeFileSync',
  'appendFileSync',
  'fsyncSync',
  'linkSync',
  'renameSync',
] as const;

let directory: string;
let injector: Injector;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-test-'));
  process.env.SGLAB_RUN_DIR = directory;
  injector = new Injector();
  const nothing = { grow: async () => {}, commit: () => {}, undo: () => {} };
  vi.spyOn(LabTraffic.prototype, 'stage').mockReturnValue(nothing);
});
afterEach(async () => {
  injector.disarm();
  await latest?.down(); // only where the test failed
  latest = null;
  vi.restoreAllMocks();
  fs.rmSync(directory, { recursive: true, force: true });
});

function failFiles(code: string): void {
  for (const name of FILE_CALLS) {
    const original = fs[name] as (...args: unknown[]) => unknown;
    vi.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
      const isOurs = typeof args[0] !== 'string' || args[0].startsWith(directory);
      if (isOurs) injector.pass(() => Object.assign(new Error(`${code}: ${name}`), { code, syscall: name }));
      return original(...args);
    }) as never);
  }
}

const PLACES = {
  'an operation is refused': (): Faults => ({ before: () => injector.pass(refused) }),
  'an operation is done and then fails': (): Faults => ({ after: () => injector.pass(refused) }),
  'a file call has no descriptor': (): Faults => {
    failFiles('EMFILE');
    return {};
  },
  'a file call has no space': (): Faults => {
    failFiles('ENOSPC');
    return {};
  },
};
const places = Object.entries(PLACES);

const refused = () => new KernelError({ command: 'anything', stderr: 'ENOMEM' });

let latest: Lab | null = null;
async function up(kernel: FakeKernel): Promise<Lab> {
  latest = await Lab.up(CLOUD, { file: null, leftovers: 'resume', kernel });
  return latest;
}

async function down(lab: Lab): Promise<void> {
  latest = null;
  await lab.down();
}

/** @returns whether it failed: not where no call was left to fail, or nobody minds */
async function isRefused(action: Promise<unknown>): Promise<boolean> {
  const failed = await action.then(
    () => false,
    () => true,
  );
  injector.disarm();
  return failed;
}

async function freshly(change: (cloud: Cloud) => Cloud = (cloud) => cloud): Promise<unknown> {
  const kernel = new FakeKernel();
  const lab = await up(kernel);
  await lab.change(change);
  const held = contents(kernel);
  await down(lab);
  return held;
}

function expectNothing(kernel: FakeKernel, at: number): void {
  const isLeft = fs.existsSync(path.join(directory, NAME));
  expect({ kernel: kernel.list(), isLeft }, `after ${at}`).toEqual({ kernel: [], isLeft: false });
}

describe.each(places)('%s', (_, place) => {
  /** Once: it is taken back. Twice: neither goes through, and the next command has to finish. */
  const times = [1, 2] as const;

  it.each(times)('during up, times: %d: nothing is left, and the next up goes through', async (most) => {
    const wanted = await freshly();
    const kernel = new FakeKernel(place());
    for (let at = 0; ; at += 1) {
      injector.arm(at, most);
      const first = up(kernel);
      const failed = await isRefused(first);
      if (failed && injector.hits < most) expect(kernel.list(), `after ${at}`).toEqual([]);
      const lab = failed ? await up(kernel) : await first;
      expect(contents(kernel), `after ${at}`).toEqual(wanted);
      await down(lab);
      expectNothing(kernel, at);
      if (injector.hits === 0) break;
    }
  });

  it.each(CHANGES.flatMap((mutation) => times.map((most) => ({ mutation, name: mutation.type, most }))))(
    'during $name, times $most: before or after, and then it goes through',
    async ({ mutation, most }) => {
      const change = (cloud: Cloud) => applyMutation(cloud, mutation);
      const [before, after] = [await freshly(), await freshly(change)];
      const kernel = new FakeKernel(place());
      for (let at = 0; ; at += 1) {
        const lab = await up(kernel);
        injector.arm(at, most);
        const failed = await isRefused(lab.change(change));
        const isWhole = injector.hits < most || most === 1;
        const journal = JSON.parse(fs.readFileSync(path.join(directory, NAME, 'state.json'), 'utf8'));
        if (!failed || isWhole) {
          expect(journal.cloud, `journal after ${at}`).toEqual(lab.cloud);
          expect(contents(kernel), `after ${at}`).toEqual(failed ? before : after);
        }
        if (failed) await lab.change(change);
        expect(contents(kernel), `again after ${at}`).toEqual(after);
        await down(lab);
        if (injector.hits === 0) break;
      }
    },
  );

  it('during down: the next command removes the rest', async () => {
    const kernel = new FakeKernel(place());
    for (let at = 0; ; at += 1) {
      const lab = await up(kernel);
      injector.arm(at, 1);
      if (await isRefused(down(lab))) await down(await up(kernel));
      expectNothing(kernel, at);
      if (injector.hits === 0) break;
    }
  });
});
