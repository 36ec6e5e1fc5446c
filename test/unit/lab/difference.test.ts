import { describe, expect, it } from 'vitest';
import type { ActualNamespace } from '../../../src/lab/actual.js';
import { compare, fingerprintOf } from '../../../src/lab/difference.js';
import type { LabPlan } from '../../../src/lab/plan.js';
import { planLab } from '../../../src/lab/plan-lab.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { shopFile } from '../scenario/files.js';

const planOf = (text = shopFile()) => planLab(parseScenario(text, 'shop.yaml').cloud);
const PREFIX = 'sglab-securecart-web-';

/** The kernel as it is when the plan has been carried out. */
function done(plan: LabPlan): Map<string, ActualNamespace> {
  const linksOf = (name: string) =>
    plan.links.flatMap(({ near, far }) => [near, far].filter((end) => end.namespace === name).map((end) => end.name));
  return new Map(
    [...plan.namespaces.values()].map((namespace) => [
      namespace.name,
      { name: namespace.name, fingerprint: fingerprintOf(plan, namespace), links: new Set(linksOf(namespace.name)) },
    ]),
  );
}

function change(actual: Map<string, ActualNamespace>, name: string, to: Partial<ActualNamespace>): void {
  const found = actual.get(PREFIX + name);
  if (found === undefined) throw new Error(`${name} is not planned`);
  actual.set(PREFIX + name, { ...found, ...to });
}

/** The names in a difference, without what all have in common. */
function names(plan: LabPlan, actual: Map<string, ActualNamespace>) {
  const { remove, create, links, configure } = compare(plan, actual);
  const short = (name: string) => name.slice(PREFIX.length);
  return {
    remove: remove.map(short).sort(),
    create: create.map(({ name }) => short(name)).sort(),
    links: links
      .map(({ near, far }) => `${short(near.namespace)} ${near.name} - ${short(far.namespace)} ${far.name}`)
      .sort(),
    configure: configure.map(({ name }) => short(name)).sort(),
  };
}

const NOTHING = { remove: [], create: [], links: [], configure: [] };
const ALL = ['db-1', 'db-1.eth0', 'dual', 'office', 'shop.igw', 'shop.vpc', 'the.internet', 'web-1', 'web-1.eth0'];
const CARD_LINKS = ['web-1.eth0 guest - web-1 eth0', 'web-1.eth0 uplink - shop.vpc web-1.0'];

describe('what separates the kernel from the plan', () => {
  it('is everything, from nothing', () => {
    const plan = planOf();
    const found = names(plan, new Map());
    expect(found).toMatchObject({ remove: [], create: ALL, configure: ALL });
    expect(found.links).toHaveLength(plan.links.length);
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
