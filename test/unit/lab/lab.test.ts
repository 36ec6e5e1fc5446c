/** A lab on a kernel in memory, with nothing above it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyMutation } from '../../../src/changes/mutation.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { KernelError } from '../../../src/kernel/errors.js';
import { FakeKernel } from '../../../src/kernel/fake-kernel.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { scriptOfUp } from '../../../src/lab/dry-run.js';
import { Lab } from '../../../src/lab/lab.js';
import { LabTraffic } from '../../../src/lab/lab-traffic.js';
import { fuzzCloud } from '../../../src/verify/fuzz/lab.js';

const NAME = `unit-${process.pid}`;
let directory: string;
let refuse: (operation: Operation) => boolean;
let kernel: FakeKernel;
let lab: Lab;

beforeEach(async () => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-test-'));
  process.env.SGLAB_RUN_DIR = directory;
  refuse = () => false;
  kernel = new FakeKernel({
    before: (operation) => {
      const command = `${operation.type} ${operation.namespace}`;
      if (refuse(operation)) throw new KernelError({ command, stderr: 'refused' });
    },
  });
  const nothing = { grow: async () => {}, commit: () => {}, undo: () => {} };
  vi.spyOn(LabTraffic.prototype, 'stage').mockReturnValue(nothing);
  lab = await Lab.up(fuzzCloud(NAME), { file: null, leftovers: 'rebuild', kernel });
});

afterEach(async () => {
  refuse = () => false;
  await lab.down();
  vi.restoreAllMocks();
  expect(kernel.list()).toEqual([]);
  fs.rmSync(directory, { recursive: true, force: true });
});

const rule = (port: number) =>
  ({
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: port,
    toPort: port,
    peer: '10.9.0.0/16',
    description: null,
  }) as const;
const open = (port: number) => (cloud: Cloud) =>
  applyMutation(cloud, { type: 'authorize', group: 'g3', rules: [rule(port)] });
const journal = () => JSON.parse(fs.readFileSync(path.join(directory, NAME, 'state.json'), 'utf8')).cloud as Cloud;
const isRuleset = ({ type }: Operation) => type === 'change ruleset';

describe('a change', () => {
  it('is in force, and in the journal', async () => {
    const next = await lab.change(open(7000));
    expect(lab.cloud).toBe(next);
    expect(journal()).toEqual(next);
  });

  it('forgets the instances that were terminated long ago', async () => {
    const [instance] = Object.values(lab.cloud.instances);
    if (instance === undefined) throw new Error('the lab has no instance');
    const terminated = (id: string, time: Date) => ({ [id]: { ...instance, id, terminatedAt: time.toISOString() } });
    const now = new Date();
    const both = { ...terminated('i-old', new Date(0)), ...terminated('i-new', now) };
    await lab.change((cloud) => ({ ...cloud, terminatedInstances: both }));
    expect(Object.keys(journal().terminatedInstances)).toEqual(['i-new']);
  });

  it('that the kernel refuses leaves everything as it was', async () => {
    const before = lab.cloud;
    refuse = isRuleset;
    await expect(lab.change(open(7000))).rejects.toThrow('refused');
    expect(lab.cloud).toBe(before);
    expect(journal()).toEqual(before);
    refuse = () => false;
    await lab.change(open(7001));
    expect(journal()).toEqual(lab.cloud);
  });

  it('that cannot be taken back says why, and what it was that failed first', async () => {
    let failures = 0;
    refuse = ({ type }) => type === 'sysctls' && ++failures > 0;
    const check = (cloud: Cloud) => applyMutation(cloud, { type: 'source-dest-check', instance: 'b1', enabled: false });
    const failed = await lab.change(check).catch((error: unknown) => error);
    expect(failures).toBe(2);
    expect(failed).toMatchObject({ code: 'KernelError', cause: expect.objectContaining({ code: 'KernelError' }) });
  });
});

describe('a rehearsal', () => {
  it('is over when its changes are taken back', async () => {
    const before = lab.cloud;
    await lab.rehearse(async (change) => {
      await change(open(7000));
      expect(lab.isRehearsing).toBe(true);
    });
    expect(lab).toMatchObject({ isRehearsing: false, cloud: before });
  });

  it('is over, too, where they cannot be taken back', async () => {
    const rehearsal = lab.rehearse(async (change) => {
      await change(open(7000));
      refuse = isRuleset;
    });
    await expect(rehearsal).rejects.toThrow('refused');
    expect(lab.isRehearsing).toBe(false);
  });
});

describe('a dry run', () => {
  it('of a change prints what it would run, and changes nothing', async () => {
    const before = lab.cloud;
    const operations: Operation[] = [];
    refuse = (operation) => operations.push(operation) === 0;
    const script = await lab.dryRun(open(7000));
    expect(script).toMatch(new RegExp(`^# load rulesets\nip netns exec sglab-${NAME}-b1.eth0 nft -f - <<'END'\n`));
    expect(script).toMatch(/^add .*7000/m);
    expect(operations).toEqual([]);
    expect(lab.cloud).toBe(before);
    expect(journal()).toEqual(before);
    await lab.change(open(7000));
    expect(operations.map(({ type, namespace }) => `${type} ${namespace}`)).toEqual([
      `change ruleset sglab-${NAME}-b1.eth0`,
    ]);
  });

  it('of a change that the kernel does not notice says so', async () => {
    expect(await lab.dryRun((cloud) => ({ ...cloud, serial: cloud.serial + 1 }))).toBe(
      '# nothing changes in the kernel\n',
    );
  });

  it('of an up prints the phases in their order', async () => {
    const script = await scriptOfUp(fuzzCloud('dry'));
    expect(script.match(/^# [a-z].*$/gm)?.filter((line) => !line.startsWith('# sglab-'))).toEqual([
      '# make namespaces',
      '# set kernel parameters, which links inherit',
      '# make links, whose far ends stay down',
      '# load rulesets',
      '# set addresses, neighbours and routes, and bring links up',
      '# route',
      '# wait until links carry',
      '# mark as complete',
    ]);
  });
});
