import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/kernel/operation.js';
import { Known } from '../../../src/lab/known.js';
import { fingerprintOf, type States } from '../../../src/lab/namespace-state.js';
import type { FoundNamespace } from '../../../src/lab/ownership.js';
import { planLab } from '../../../src/lab/plan-lab.js';
import { reconcile } from '../../../src/lab/reconcile.js';
import { takeOver } from '../../../src/lab/take-over.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { shopFile } from '../scenario/files.js';

const planOf = (text = shopFile()) => planLab(parseScenario(text, 'shop.yaml').cloud);
const PREFIX = 'sglab-securecart-web-';

/** The kernel as it is when the plan has been carried out. */
function done(plan: States): Map<string, FoundNamespace> {
  const ends = [...plan.values()].flatMap(({ links }) => links.flatMap(({ near, far }) => [near, far]));
  return new Map(
    [...plan.values()].map((state) => {
      const links = new Set(ends.filter(({ namespace }) => namespace === state.name).map(({ name }) => name));
      return [state.name, { name: state.name, fingerprint: fingerprintOf(state), links }];
    }),
  );
}

function change(actual: Map<string, FoundNamespace>, name: string, to: Partial<FoundNamespace>): void {
  const found = actual.get(PREFIX + name);
  if (found === undefined) throw new Error(`${name} is not planned`);
  actual.set(PREFIX + name, { ...found, ...to });
}

/** The names in what has to be done, without what all have in common. */
function names(plan: States, actual: Map<string, FoundNamespace>) {
  const known = new Known();
  for (const [name, each] of takeOver(actual, plan, new Map())) known.set(name, each);
  const touched = [...plan.keys(), ...actual.keys()];
  const { grow, shrink } = reconcile({ lab: 'securecart-web', known, wanted: plan, touched });
  expect(shrink).toEqual([]);
  const operations = grow.flatMap((phase) => phase.operations);
  const short = (name: string) => name.slice(PREFIX.length);
  const namesOf = (type: Operation['type']) =>
    operations
      .filter((each) => each.type === type)
      .map(({ namespace }) => short(namespace))
      .sort();
  const links = operations.flatMap((each) => (each.type === 'link' ? [each.link] : []));
  return {
    remove: namesOf('remove'),
    create: namesOf('create'),
    links: links
      .map(({ near, far }) => `${short(near.namespace)} ${near.name} - ${short(far.namespace)} ${far.name}`)
      .sort(),
    configure: [...new Set([...namesOf('create'), ...namesOf('set')])].sort(),
  };
}

const NOTHING = { remove: [], create: [], links: [], configure: [] };
const ALL = ['db-1', 'db-1.eth0', 'dual', 'office', 'shop.igw', 'shop.vpc', 'the.internet', 'web-1', 'web-1.eth0'];
const CARD_LINKS = ['web-1.eth0 guest - web-1 eth0', 'web-1.eth0 uplink - shop.vpc web-1.0'];

describe('what has to be done where an earlier process left a lab', () => {
  it('is everything, from nothing', () => {
    const plan = planOf();
    const found = names(plan, new Map());
    expect(found).toMatchObject({ remove: [], create: ALL, configure: ALL });
    expect(found.links).toHaveLength([...plan.values()].flatMap(({ links }) => links).length);
  });

  it('is nothing when it is done, for a plan that was made anew', () => {
    expect(names(planOf(), done(planOf()))).toEqual(NOTHING);
  });

  it('is nothing when only rules, groups and servers have changed', () => {
    const changed = shopFile().replace('ports: 443', 'ports: 8443').replace('listen: [tcp/443]', 'listen: [tcp/8443]');
    expect(names(planOf(changed), done(planOf()))).toEqual(NOTHING);
  });

  it('is a card that was never completed, with its links', () => {
    const actual = done(planOf());
    change(actual, 'web-1.eth0', { fingerprint: 0 });
    expect(names(planOf(), actual)).toEqual({
      remove: ['web-1.eth0'],
      create: ['web-1.eth0'],
      links: CARD_LINKS,
      configure: ['shop.vpc', 'web-1', 'web-1.eth0'],
    });
  });

  it('is a card one of whose links is lost', () => {
    const actual = done(planOf());
    change(actual, 'web-1', { links: new Set() });
    expect(names(planOf(), actual)).toMatchObject({
      remove: ['web-1.eth0'],
      create: ['web-1.eth0'],
      links: CARD_LINKS,
    });
  });

  it('is a lost fabric with everything that hangs on it, but no instance', () => {
    const actual = done(planOf());
    actual.delete(`${PREFIX}shop.vpc`);
    expect(names(planOf(), actual)).toMatchObject({
      remove: ['db-1.eth0', 'shop.igw', 'web-1.eth0'],
      create: ['db-1.eth0', 'shop.igw', 'shop.vpc', 'web-1.eth0'],
    });
  });

  it('is an instance that the plan no longer has', () => {
    const without = shopFile().replace(/ {2}db-1: \{ subnet.*\n/, '');
    expect(names(planOf(without), done(planOf()))).toMatchObject({
      remove: ['db-1', 'db-1.eth0'],
      create: [],
      links: [],
    });
  });

  it('is an external host whose address has changed, built anew', () => {
    const moved = shopFile().replace('office: 198.51.100.10', 'office: 198.51.100.11');
    expect(names(planOf(moved), done(planOf()))).toMatchObject({ remove: ['office'], create: ['office'] });
  });
});
