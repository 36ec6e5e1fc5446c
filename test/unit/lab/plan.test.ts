import { describe, expect, it } from 'vitest';
import { addLink, set } from '../../../src/kernel/ip-text.js';
import type { States } from '../../../src/lab/namespace-state.js';
import { planLab } from '../../../src/lab/plan-lab.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { bareFile, shopFile } from '../scenario/files.js';

const planOf = (text: string) => planLab(parseScenario(text, 'shop.yaml').cloud);
const linksOf = (states: States) => [...states.values()].flatMap(({ links }) => links);
const plan = planOf(shopFile());
const namespace = (name: string) => plan.get(`sglab-securecart-web-${name}`);

describe('the plan of a lab', () => {
  it('filters in cards and routers, and nowhere inside a machine', () => {
    const filtering = [...plan.values()].filter(({ ruleset }) => ruleset !== null).map(({ name }) => name);
    expect(filtering.map((name) => name.replace('sglab-securecart-web-', '')).sort()).toEqual(
      ['db-1.eth0', 'shop.igw', 'shop.vpc', 'the.internet', 'web-1.eth0'].sort(),
    );
  });

  it('names every namespace within the length of a file name, with the mark of the lab', () => {
    const long = planOf(
      bareFile(`instances: { ${'i'.repeat(40)}: { subnet: a } }`).replace('name: x', `name: ${'l'.repeat(40)}`),
    );
    for (const name of long.keys()) {
      expect(name).toMatch(new RegExp(`^sglab-${'l'.repeat(40)}-`));
      expect(name.length).toBeLessThan(255);
    }
    for (const { near, far } of linksOf(long))
      for (const end of [near, far]) expect(end.name.length).toBeLessThanOrEqual(15);
  });

  it('gives each link names that are unique within their namespaces, however long the machines’ names are', () => {
    const similar = Array.from({ length: 12 }, (_, at) => `a-very-long-name-of-a-machine-${at}: { subnet: a }`);
    const links = linksOf(planOf(bareFile(`instances: { ${similar.join(', ')} }`)));
    const ends = links.flatMap(({ near, far }) => [near, far].map((end) => `${end.namespace} ${end.name}`));
    expect(new Set(ends).size).toBe(ends.length);
  });

  it('leaves the far end of each link down until the rulesets are in force', () => {
    for (const link of linksOf(plan)) {
      const [near = '', far = ''] = addLink(link).split('type veth peer');
      expect(near).toMatch(/ up\b/);
      expect(far).not.toMatch(/ up\b/);
    }
  });

  it('switches IPv6 off where nobody has an address of it', () => {
    const off = expect.objectContaining({ 'ipv6.conf.all.disable_ipv6': 1, 'ipv6.conf.default.disable_ipv6': 1 });
    expect(namespace('db-1')?.sysctls).toEqual(off);
    expect(namespace('web-1.eth0')?.sysctls).toEqual(off);
    expect(namespace('web-1')?.sysctls).toMatchObject({ 'ipv6.conf.all.disable_ipv6': 0 });
  });

  it('configures nothing that cannot be repeated', () => {
    for (const { settings } of plan.values()) {
      for (const command of settings.map(set)) expect(command).not.toMatch(/^(-6 )?\w+ add /);
    }
  });

  it('has no internet where there is neither a gateway nor a host', () => {
    const closed = planOf(bareFile('instances: { i: { subnet: a } }').replace('internetGateway: true, ', ''));
    expect([...closed.keys()].sort()).toEqual(['sglab-x-i', 'sglab-x-i.eth0', 'sglab-x-v.vpc']);
  });
});
