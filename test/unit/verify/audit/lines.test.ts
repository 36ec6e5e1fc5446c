import { expect, it } from 'vitest';
import { currentLines } from '../../../../src/cli/run-audit.js';
import { ruleText } from '../../../../src/cloud/text/rule.js';
import { parseScenario } from '../../../../src/scenario/parse-scenario.js';

const file = (ports: number, more = '') =>
  parseScenario(
    `name: x
vpcs: { v: { cidr: 10.0.0.0/16 } }
securityGroups:
  web:
    egress: []
    ingress:
      - { protocol: tcp, ports: 22, from: 10.0.0.0/16 }
      - { protocol: tcp, ports: ${ports}, from: 10.0.0.0/16 }
${more}`,
    'x.yaml',
  );

it('a rule has its line only as long as file and lab say the same of it', () => {
  const { cloud } = file(80);
  const edited = currentLines(cloud, file(443, '      - { protocol: tcp, ports: 80, from: 10.0.0.0/16 }\n'));
  const web = Object.values(cloud.securityGroups).find(({ name }) => name === 'web');
  const linesOfRules = (lines: Readonly<Record<string, number>>) =>
    web?.rules.map((rule) => `${ruleText(cloud, rule)}: ${lines[rule.id]}`);
  expect(linesOfRules(currentLines(cloud, file(80)))).toEqual([
    'tcp/22 from 10.0.0.0/16: 7',
    'tcp/80 from 10.0.0.0/16: 8',
  ]);
  expect(linesOfRules(edited)).toEqual(['tcp/22 from 10.0.0.0/16: 7', 'tcp/80 from 10.0.0.0/16: undefined']);
  expect(edited[web?.id ?? '']).toBe(4);
});
