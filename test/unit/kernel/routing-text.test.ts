import { describe, expect, it } from 'vitest';
import { applyMutation } from '../../../src/changes/mutation.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { routingLines } from '../../../src/kernel/ip-text.js';
import { NO_ROUTING, type Routing } from '../../../src/kernel/objects.js';
import { planRouting } from '../../../src/lab/route-plan.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { bareFile } from '../scenario/files.js';

const { cloud } = parseScenario(
  bareFile(
    'routeTables: { main: { routes: [{ to: 0.0.0.0/0, via: internetGateway }] } }\ninstances: { fw: { subnet: a } }',
  ),
  'x.yaml',
);

function planOf(of: Cloud): Routing {
  const [vpc] = Object.values(of.vpcs);
  if (vpc === undefined) throw new Error('no VPC');
  return planRouting(of, vpc);
}

const routes = (to: string, via: string) => ({ to, via });
const changed = (add: { to: string; via: string }[], remove: string[] = []) =>
  planOf(applyMutation(cloud, { type: 'routes', table: 'main', add, remove }));

describe('what turns one set of routes into another', () => {
  it('fills the tables before a rule leads to them', () => {
    expect(routingLines(NO_ROUTING, planOf(cloud))).toEqual([
      'route replace 0.0.0.0/0 dev void table 60000',
      'route replace throw 10.0.0.0/16 table 10001',
      'route replace 0.0.0.0/0 via 169.254.0.1 dev igw onlink table 40001',
      'rule add pref 10001 fwmark 0x1/0xfff lookup 10001',
      'rule add pref 40001 fwmark 0x1/0xfff lookup 40001',
      'rule add pref 60000 lookup 60000',
    ]);
  });

  it('is one command for a route that is new, gone, or leads elsewhere', () => {
    expect(routingLines(planOf(cloud), changed([routes('10.0.1.0/24', 'fw')]))).toEqual([
      'route replace 10.0.1.0/24 via 10.0.1.4 dev fw.0 onlink table 10001',
    ]);
    expect(routingLines(planOf(cloud), changed([], ['0.0.0.0/0']))).toEqual(['route del 0.0.0.0/0 table 40001']);
    expect(routingLines(planOf(cloud), changed([routes('0.0.0.0/0', 'fw')], ['0.0.0.0/0']))).toEqual([
      'route replace 0.0.0.0/0 via 10.0.1.4 dev fw.0 onlink table 40001',
    ]);
  });

  it('is nothing for the same plan, made anew', () => {
    expect(routingLines(planOf(cloud), planOf({ ...cloud }))).toEqual([]);
  });
});
