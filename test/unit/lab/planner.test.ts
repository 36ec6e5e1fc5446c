import { describe, expect, it } from 'vitest';
import { Choices } from '../../../src/changes/choices.js';
import { applyMutation } from '../../../src/changes/mutation.js';
import { Derivations, derive } from '../../../src/cloud/derive.js';
import { runInstance } from '../../../src/cloud/instances/instance.js';
import type { Cloud } from '../../../src/cloud/types.js';
import type { States } from '../../../src/lab/namespace-state.js';
import { planLab } from '../../../src/lab/plan-lab.js';
import { Planner } from '../../../src/lab/planner.js';
import { changedCloud, randomNumbers, startingCloud } from './random-clouds.js';

/** With the rulesets. */
function whole(states: States): unknown {
  return new Map([...states].map(([name, { ruleset, ...layout }]) => [name, { ...layout, ruleset: ruleset?.() }]));
}

const authorize = (cloud: Cloud, port: number) =>
  applyMutation(cloud, {
    type: 'authorize',
    group: 'g3',
    rules: [
      { direction: 'ingress', protocol: 'tcp', fromPort: port, toPort: port, peer: '10.9.0.0/16', description: null },
    ],
  });

function withMachines(count: number): Cloud {
  let cloud = startingCloud('test');
  const subnetId = Object.values(cloud.subnets).find(({ name }) => name === 'c')?.id ?? '';
  for (let at = 0; at < count; at++) cloud = runInstance(cloud, { name: `m${at}`, interfaces: [{ subnetId }] }).cloud;
  return cloud;
}

describe('a plan that is brought from one cloud to the next', () => {
  it.each(Array.from({ length: 15 }, (_, seed) => seed))('is the whole plan, after any changes (seed %d)', (seed) => {
    const choices = new Choices(randomNumbers(seed));
    let cloud = startingCloud('test');
    const planner = new Planner(cloud);
    for (let step = 0; step < 8; step++) {
      const next = changedCloud(cloud, choices, 1 + choices.number(3));
      // A change may be given up before anybody asks for a ruleset.
      if (choices.number(3) === 0) {
        planner.moveTo(next);
        planner.moveTo(cloud);
      }
      const before = new Map([...planner.states].map(([name, { ruleset }]) => [name, ruleset?.()]));
      planner.moveTo(cloud);
      const touched = planner.moveTo(next);
      cloud = next;
      expect(whole(planner.states)).toEqual(whole(planLab(cloud)));
      for (const [name, { ruleset }] of planner.states) {
        if (!touched.has(name)) expect(ruleset?.()).toBe(before.get(name));
      }
    }
  });

  it('costs what a rule changes, however large the lab is', () => {
    const touchedIn = (count: number) => {
      const cloud = withMachines(count);
      const planner = new Planner(cloud);
      for (const { ruleset } of planner.states.values()) ruleset?.();
      return [...planner.moveTo(authorize(cloud, 7000))].sort();
    };
    expect(touchedIn(0)).toEqual(['sglab-test-b1.eth0']);
    expect(touchedIn(60)).toEqual(['sglab-test-b1.eth0']);
  });
});

describe('what is worked out from a cloud', () => {
  const cloud = startingCloud('test');

  it('is worked out once, until something changes that was read for it, also by what it is made of', () => {
    const derivations = new Derivations(cloud);
    let times = 0;
    const names = (now: Cloud) => Object.values(now.securityGroups).map(({ name }) => name);
    const count = (now: Cloud) => {
      times++;
      return derive(now, 'names', names).length;
    };
    const asked = () => derivations.get('count', count);
    asked();
    expect([asked(), times]).toEqual([asked(), 1]);
    expect(derivations.moveTo({ ...cloud, serial: cloud.serial + 1 }).size).toBe(0);
    expect([...derivations.moveTo(authorize(cloud, 7001))].sort()).toEqual(['count', 'names']);
    asked();
    expect(times).toBe(2);
  });

  it('cannot read the cloud later, when nobody would know of it', () => {
    const late = new Derivations(cloud).get('late', (now) => () => Object.keys(now.vpcs));
    expect(late).toThrow('is read after');
  });
});
