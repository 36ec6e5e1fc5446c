/**
 * Calls to the real kernel fail one after the other, with every errno that a lack of something has: then the state is
 * the one before or the one after, and the next command converges. `test/unit/lab/faults.test.ts` has every operation.
 */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mutation } from '../../src/changes/verbs.js';
import { parseRule } from '../../src/cloud/text/rule.js';
import type { Cloud } from '../../src/cloud/types.js';
import { call } from '../../src/controller/client.js';
import { planLab } from '../../src/lab/plan-lab.js';
import { ERRNOS, type Fault, FaultyLab, NO_FAULT } from './support/faulty-lab.js';
import { SMALL } from './support/small-lab.js';
import { until } from './support/until.js';

const seed = Number(process.env.SGLAB_TEST_SEED ?? randomInt(2 ** 31));
/** Of how many calls one is tried; all of them with SGLAB_TEST_FAULTS_STEP=1. */
const STEP = Number(process.env.SGLAB_TEST_FAULTS_STEP ?? 23);
/** A whole lab has more calls than a change, and each takes longer to try. */
const LAB_STEP = Number(process.env.SGLAB_TEST_FAULTS_STEP ?? 300);

let lab: FaultyLab;
beforeAll(async () => {
  lab = await FaultyLab.start();
});
afterAll(() => lab?.stop());

const RULE = parseRule('tcp/22 from 0.0.0.0/0');
const NEWCOMER = { name: 'new', subnet: 's', groups: ['web'], privateIp: null, publicIp: true, listen: [] };
const mutate = (mutation: Mutation) => call(SMALL.name, 'mutate', { mutation });
const cloudOf = async (): Promise<Cloud> => (await call(SMALL.name, 'status', {})).cloud;

/** A change, the one that takes it back, and whether a cloud has it. */
const CHANGES: readonly (readonly [string, Mutation, Mutation, (cloud: Cloud) => boolean])[] = [
  [
    'authorize',
    { type: 'authorize', group: 'web', rules: [RULE] },
    { type: 'revoke', group: 'web', rules: [RULE], ruleIds: [] },
    (cloud) => JSON.stringify(cloud.securityGroups).includes('"fromPort":22'),
  ],
  [
    'launch',
    { type: 'launch', machine: NEWCOMER },
    { type: 'terminate', machine: 'new' },
    (cloud) => Object.values(cloud.instances).some(({ name }) => name === 'new'),
  ],
];

const LIST = 'for n in web app; do ip netns exec sglab-small-$n.eth0 nft -s list ruleset; done';
/** A rule that is made again has another id and number. */
const rulesets = async () => (await lab.host.run('sh', ['-c', LIST])).replaceAll(/sgr-[0-9a-f]+|0x[0-9a-f]+/g, '…');

/** Numbers of calls, from anywhere among the first ones: with a step of 4, seeds 0 to 3 are the four parts of all. */
function* points(calls: number, step: number): Generator<number> {
  for (let at = seed % Math.max(1, Math.min(step, calls)); at < calls; at += step) yield at;
}

async function isDone(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

async function expectNothing(): Promise<void> {
  await until('every process ends', () => lab.host.processes().length === 0);
  expect(lab.host.namespaces()).toEqual([]);
}

/** Where the controller ended, the next `up` takes the lab over. */
async function withoutFaults(): Promise<number> {
  if (lab.host.controllers().length > 0) return lab.order(NO_FAULT);
  expect(await lab.up()).toMatchObject({ code: 0 });
  return 0;
}

describe.each(ERRNOS)(`%s (SGLAB_TEST_SEED=${seed})`, (code) => {
  const fault = (at: number, times: number): Fault => ({ code, at, times });

  it.each(CHANGES)('during %s: before or after', async (_, change, back, has) => {
    expect(await lab.up()).toMatchObject({ code: 0 });
    const before = await rulesets();
    await lab.order(fault(-1, 0));
    await mutate(change);
    const calls = await lab.order(NO_FAULT);
    const after = await rulesets();
    await mutate(back);
    for (const at of points(calls, STEP)) {
      // One failure is taken back. Of several the way back fails, too, and the next change has to finish it.
      await lab.order(fault(at, 1 + 4 * (at % 2)));
      const done = await isDone(mutate(change));
      await withoutFaults();
      if (has(await cloudOf())) expect(await rulesets(), `call ${at}`).toBe(after);
      else {
        expect(done, `call ${at}`).toBe(false);
        await mutate(change);
      }
      expect(lab.host.namespaces(), `call ${at}`).toEqual([...planLab(await cloudOf()).keys()].sort());
      await mutate(back);
      expect(await rulesets(), `call ${at}`).toBe(before);
    }
    await lab.host.json(['down']);
    await expectNothing();
  });

  it('during up: everything or nothing, and the next one does the rest', async () => {
    expect(await lab.up(fault(-1, 0))).toMatchObject({ code: 0 });
    const calls = await lab.order(NO_FAULT);
    await lab.down();
    for (const at of points(calls, LAB_STEP)) {
      const times = 1 + 4 * (at % 2);
      const { code: exit } = await lab.up(fault(at, times));
      if (exit === 0) await withoutFaults();
      else if (times === 1) {
        await expectNothing();
        continue;
      }
      expect(await lab.up(), `call ${at}`).toMatchObject({ code: 0 });
      expect(lab.host.namespaces(), `call ${at}`).toEqual([...planLab(await cloudOf()).keys()].sort());
      await lab.host.json(['down']);
      await expectNothing();
    }
  });

  it('during down: the next one removes the rest', async () => {
    expect(await lab.up()).toMatchObject({ code: 0 });
    await lab.order(fault(-1, 0));
    const calls = await lab.down();
    for (const at of points(calls, LAB_STEP)) {
      expect(await lab.up(), `call ${at}`).toMatchObject({ code: 0 });
      await lab.order(fault(at, 1 + 2 * (at % 2)));
      if (!(await isDone(lab.host.json(['down'])))) await lab.host.json(['down']);
      await expectNothing();
    }
  });
});
