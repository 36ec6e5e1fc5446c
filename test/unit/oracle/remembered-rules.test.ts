/** What the model says of the rules that let a remembered flow in: the kernel names one of them, and it may be any. */
import { expect, it } from 'vitest';
import { parseProbe } from '../../../src/cloud/text/probe.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { ModelOpinion } from '../../../src/verify/model-opinion.js';

// Protocol 47 has no ports: a probe the other way is part of the same flow (S79), and no rule is asked about it.
const LAB = `
name: remembered
vpcs: { v: { cidr: 10.0.0.0/16, subnets: { s: { cidr: 10.0.1.0/24 } } } }
securityGroups:
  wide: { ingress: { protocol: all, from: 10.0.0.0/16 }, egress: [] }
  narrow: { ingress: { protocol: 47, from: 10.0.1.0/24 }, egress: [] }
  client: { egress: { protocol: 47, to: 10.0.1.0/24 } }
instances:
  c: { subnet: s, securityGroups: client, listen: 47 }
  v: { subnet: s, securityGroups: [wide, narrow], listen: 47 }
`;

// Found with `sglab verify --fuzz`, seed 20261123, after 7 464 histories: the model remembered the first of them only.
it('names every rule that matched when the flow was admitted', async () => {
  const { cloud } = parseScenario(LAB, 'remembered.yaml');
  const model = new ModelOpinion(cloud);
  const [begun] = await model.probe([parseProbe('c -> v 47')]);
  const [answered] = await model.probe([parseProbe('v -> c 47')]);
  const ruleOf = (name: string, direction: string) =>
    Object.values(cloud.securityGroups)
      .find((group) => group.name === name)
      ?.rules.find((rule) => rule.direction === direction)?.id ?? '';
  const rules = [ruleOf('client', 'egress'), ruleOf('wide', 'ingress'), ruleOf('narrow', 'ingress')];
  expect(begun?.rules).toEqual(rules);
  expect(answered?.outcome).toBe('connected');
  expect([...(answered?.rules ?? [])].sort()).toEqual([...rules].sort());
});
