import { expect, it } from 'vitest';
import { resolveGroup } from '../../../src/cloud/text/resolve.js';
import { cloudDefinition } from '../../../src/export/cloud-definition.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';

const FILE = `
name: twins
vpcs:
  home: { cidr: 10.0.0.0/16, subnets: { a: { cidr: 10.0.1.0/24 } } }
  away: { cidr: 10.1.0.0/16, subnets: { b: { cidr: 10.1.1.0/24 } } }
securityGroups:
  shared: { vpc: home, associatedVpcs: away, ingress: [{ protocol: tcp, ports: 22, from: shared }] }
  own: { vpc: away, ingress: [{ protocol: tcp, ports: 22, from: home/shared }] }
instances:
  web: { subnet: b, securityGroups: shared }
`;

it('a group can be had in the VPCs that it is associated with, and an export says so', () => {
  const { cloud } = parseScenario(FILE, 'twins.yaml');
  const away = Object.values(cloud.vpcs).find(({ name }) => name === 'away');
  expect(resolveGroup(cloud, 'shared').associatedVpcIds).toEqual([away?.id]);
  expect(cloudDefinition(cloud).definition.securityGroups).toMatchObject({
    shared: { vpc: 'home', associatedVpcs: ['away'] },
  });
});

it.each([
  ['nowhere', 'there is no VPC "nowhere"'],
  ['home', 'can be used in'],
])('associatedVpcs: %s is refused where it stands', (vpc, text) => {
  expect(() => parseScenario(FILE.replace('associatedVpcs: away', `associatedVpcs: ${vpc}`), 'twins.yaml')).toThrow(
    text,
  );
});
