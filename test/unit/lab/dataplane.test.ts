/** Building, changing, taking over and taking back, in many orders, on a kernel in memory. */
import { describe, expect, it } from 'vitest';
import { Choices } from '../../../src/changes/choices.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { KernelError } from '../../../src/kernel/errors.js';
import { FakeKernel } from '../../../src/kernel/fake-kernel.js';
import type { Operation } from '../../../src/kernel/operation.js';
import { Dataplane } from '../../../src/lab/dataplane.js';
import type { States } from '../../../src/lab/namespace-state.js';
import { planLab } from '../../../src/lab/plan-lab.js';
import { contents } from './fake-contents.js';
import { changedCloud, randomNumbers, startingCloud } from './random-clouds.js';

const LAB = 'test';
const NOTHING: States = new Map();

/** Wherever packets pass in a namespace that filters, its ruleset is in force. */
function expectNoOpenNamespace(kernel: FakeKernel, ...wanted: States[]): void {
  for (const [name, { links, ruleset }] of kernel.held) {
    const filters = wanted.some((states) => (states.get(name)?.ruleset ?? null) !== null);
    if (filters && ruleset === null) expect([...links.values()].filter((link) => kernel.carries(link))).toEqual([]);
  }
}

async function built(states: States, before?: (operation: Operation) => void) {
  const kernel = new FakeKernel(before === undefined ? {} : { before });
  const dataplane = new Dataplane(LAB, kernel, new Set());
  await dataplane.build(states, NOTHING);
  return { kernel, dataplane };
}

async function moveTo(dataplane: Dataplane, states: States, others: States): Promise<void> {
  const change = dataplane.plan(states, new Set([...states.keys(), ...others.keys()]));
  await dataplane.grow(change);
  await dataplane.shrink(change);
}

const freshly = async (states: States) => contents((await built(states)).kernel);

/** Pairs of clouds, the second some changes after the first. */
const pairs = Array.from({ length: 25 }, (_, seed): [number, Cloud, Cloud] => {
  const choices = new Choices(randomNumbers(seed));
  const before = changedCloud(startingCloud(LAB), choices, choices.number(6));
  return [seed, before, changedCloud(before, choices, 1 + choices.number(6))];
});

describe.each(pairs)('pair %d', (seed, before, after) => {
  const [from, to] = [planLab(before), planLab(after)];
  const failAfter = (count: number, isOn: () => boolean) => {
    let left = count;
    return () => {
      if (isOn() && left-- === 0) throw new KernelError({ command: 'anything', stderr: 'planned' });
    };
  };

  it('a change leaves what building it anew makes, and back again', async () => {
    const { kernel, dataplane } = await built(from);
    await moveTo(dataplane, to, from);
    expect(contents(kernel)).toEqual(await freshly(to));
    await moveTo(dataplane, from, to);
    expect(contents(kernel)).toEqual(await freshly(from));
  });

  it('packets pass nowhere before the ruleset is in force', async () => {
    const kernel: FakeKernel = new FakeKernel({ before: () => expectNoOpenNamespace(kernel, from, to) });
    const dataplane = new Dataplane(LAB, kernel, new Set());
    await dataplane.build(from, NOTHING);
    await moveTo(dataplane, to, from);
    expectNoOpenNamespace(kernel, to);
  });

  it('a change that fails anywhere is taken back, and then goes through', async () => {
    for (let at = seed % 3; ; at += 7) {
      let isOn = false;
      const { kernel, dataplane } = await built(
        from,
        failAfter(at, () => isOn),
      );
      isOn = true;
      const failed = await moveTo(dataplane, to, from).then(
        () => false,
        () => true,
      );
      isOn = false;
      if (!failed) break;
      await moveTo(dataplane, from, to);
      expect(contents(kernel), `back after ${at}`).toEqual(await freshly(from));
      await moveTo(dataplane, to, from);
      expect(contents(kernel), `again after ${at}`).toEqual(await freshly(to));
    }
  });

  it('what a killed change has left is taken over', async () => {
    for (let at = seed % 5; ; at += 11) {
      let isOn = false;
      const { kernel, dataplane } = await built(
        from,
        failAfter(at, () => isOn),
      );
      isOn = true;
      const killed = await moveTo(dataplane, to, from).then(
        () => false,
        () => true,
      );
      isOn = false;
      const later = new Dataplane(LAB, kernel, new Set([...from.keys(), ...to.keys()]));
      await later.build(to, from);
      expect(contents(kernel), `after ${at}`).toEqual(await freshly(to));
      if (!killed) break;
    }
  });
});

describe('a lab that nobody changes', () => {
  const states = planLab(startingCloud(LAB));

  it('needs nothing', async () => {
    const { dataplane } = await built(states);
    const { grow, shrink } = dataplane.plan(states, states.keys());
    expect([...grow, ...shrink]).toEqual([]);
  });

  it('is gone when it is destroyed', async () => {
    const { kernel, dataplane } = await built(states);
    await dataplane.destroy();
    expect(kernel.list()).toEqual([]);
  });

  it('leaves alone what is not its own', async () => {
    const kernel = new FakeKernel();
    const [name = ''] = states.keys();
    await kernel.perform([{ type: 'create', namespace: name, owner: null }], () => {});
    const dataplane = new Dataplane(LAB, kernel, new Set());
    await expect(dataplane.build(states, NOTHING)).rejects.toMatchObject({ code: 'ForeignObject' });
    expect(kernel.list()).toEqual([name]);
  });
});
