/** Measures how the time to validate a file grows with it. */
import { parseScenario } from '../../src/scenario/parse-scenario.js';
import { type Benchmark, interleave, timed } from './benchmark.js';
import { figure } from './figure.js';

const [FEW, MANY] = [1000, 8000];

export const validate: Benchmark = {
  name: 'validate',
  summary: `a file of ${MANY} instances against one of ${FEW}`,
  run: async (context) => {
    const seconds = async (text: string) => (await timed(async () => parseScenario(text, 'bench.yaml'))) / 1000;
    const [few, many] = [scenarioOf(FEW), scenarioOf(MANY)];
    const results = await interleave(context, context.quick ? 3 : 7, {
      many: () => seconds(many),
      few: () => seconds(few),
    });
    return [
      figure({
        name: 'validate',
        what: `validating ${MANY} instances`,
        unit: 's',
        values: results.many,
        baseline: { what: `${FEW} instances`, values: results.few },
        budget: { of: 'ratio', bound: 'at most', limit: (2 * MANY) / FEW },
      }),
    ];
  },
};

/** Groups that refer to each other, public addresses, routes and steps grow with the instances. */
function scenarioOf(count: number): string {
  const some = Array.from({ length: count / 50 }, (_, i) => i);
  const all = Array.from({ length: count }, (_, i) => i);
  return [
    'name: bench',
    'vpcs: { v: { cidr: 10.0.0.0/16, internetGateway: true, subnets: { s: { cidr: 10.0.0.0/16 } } } }',
    'securityGroups:',
    ...some.map((i) => `  g${i}: { ingress: { protocol: tcp, ports: 80, from: g${(i + 1) % some.length} } }`),
    'instances:',
    ...all.map((i) => `  i${i}: { subnet: s, securityGroups: g${i % some.length}, publicIp: true, listen: tcp/80 }`),
    'routeTables:',
    ...some.map((i) => `  t${i}: { routes: [{ to: 0.0.0.0/0, via: i${i} }] }`),
    'steps:',
    ...some.map((i) => `  - { probe: i${i} -> i${i + 1} tcp/80, expect: timed-out }`),
  ].join('\n');
}
