/** Which cells a form asks about before it is saved. */
import { expect, it } from 'vitest';
import { askedOf, askedQuestions, limitText } from '../../../src/console/editing/asked.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';

const labOf = (count: number) =>
  parseScenario(
    `name: big
vpcs: { v: { cidr: 10.0.0.0/16, internetGateway: true, subnets: { s: { cidr: 10.0.0.0/20, public: true } } } }
securityGroups: { web: { vpc: v }, db: { vpc: v } }
instances:
  web: { subnet: s, securityGroups: web, count: ${count}, listen: [tcp/80, tcp/8080] }
  db: { subnet: s, securityGroups: db, listen: tcp/3306 }
internet: { office: 198.51.100.10 }
`,
    'x.yaml',
  ).cloud;

it('asks of all machines, or of two of each kind and the changed one where they are many', () => {
  expect(askedOf(labOf(3), ['tcp/80']).machines).toHaveLength(5);
  expect(askedOf(labOf(100), ['tcp/80'], 'web-77').machines).toEqual(['web-77', 'office', 'web-1', 'web-2', 'db']);
});

it('says where it leaves machines out', () => {
  expect(limitText(askedOf(labOf(3), ['tcp/80']))).toBeNull();
  expect(limitText(askedOf(labOf(100), ['tcp/80']))).toMatch(/has 102 machines; cells between 4 of them/);
});

it('asks for the traffic of the rules, and for what is served of it', () => {
  const tcp = { protocol: 'tcp', fromPort: 1, toPort: 5000 };
  expect(askedQuestions(labOf(1), [tcp])).toEqual(['tcp/1', 'tcp/80', 'tcp/3306']);
  expect(askedQuestions(labOf(1), [{ protocol: '-1', fromPort: null, toPort: null }])).toContain('icmp');
  expect(askedOf(labOf(1), askedQuestions(labOf(1), [])).machines).toEqual([]);
});
