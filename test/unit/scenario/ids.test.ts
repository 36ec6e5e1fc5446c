import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { expectOneProblem } from './files.js';

const FILE = `
name: ids
vpcs:
  shop:
    id: vpc-0aaaaaaaaaaaaaaaa
    cidr: 10.0.0.0/16
    internetGateway: true
    subnets: { a: { id: subnet-0aaaaaaaaaaaaaaaa, cidr: 10.0.1.0/24, routeTable: out } }
  data: { cidr: 10.1.0.0/16 }
peerings: { link: { id: pcx-0aaaaaaaaaaaaaaaa, between: [shop, data] } }
prefixLists: { p: { id: pl-0aaaaaaaaaaaaaaaa, entries: [{ cidr: 192.0.2.0/24, description: Acme }, 203.0.113.0/24] } }
routeTables:
  out: { id: rtb-0aaaaaaaaaaaaaaaa, vpc: shop, routes: [{ to: 0.0.0.0/0, via: internetGateway }] }
  data-main: { id: rtb-0bbbbbbbbbbbbbbbb, name: main, vpc: data, routes: [{ to: 10.0.0.0/16, via: link }] }
securityGroups:
  web: { id: sg-0aaaaaaaaaaaaaaaa, vpc: shop, ingress: [{ id: sgr-0aaaaaaaaaaaaaaaa, protocol: tcp, ports: 80, from: p }] }
  data-web: { id: sg-0bbbbbbbbbbbbbbbb, name: web, vpc: data, ingress: [{ protocol: tcp, ports: 81, from: sg-0aaaaaaaaaaaaaaaa }] }
  shop-default: { id: sg-0cccccccccccccccc, name: default, vpc: shop, egress: [] }
  data-default: { id: sg-12345678, name: default, vpc: data }
instances:
  w:
    id: i-0aaaaaaaaaaaaaaaa
    interfaces: [{ id: eni-0aaaaaaaaaaaaaaaa, subnet: a, securityGroups: [web] }, { subnet: a }]
steps: [{ revoke: { group: sg-0aaaaaaaaaaaaaaaa, rule: sgr-0aaaaaaaaaaaaaaaa } }]
`;

describe('ids that a file gives', () => {
  const { cloud } = parseScenario(FILE, 'x.yaml');

  it('are what the cloud has, wherever they are referred to', () => {
    expect(Object.keys(cloud.vpcs)[0]).toBe('vpc-0aaaaaaaaaaaaaaaa');
    expect(cloud.subnets['subnet-0aaaaaaaaaaaaaaaa']).toMatchObject({
      vpcId: 'vpc-0aaaaaaaaaaaaaaaa',
      routeTableId: 'rtb-0aaaaaaaaaaaaaaaa',
    });
    expect(cloud.peerings['pcx-0aaaaaaaaaaaaaaaa']?.requesterVpcId).toBe('vpc-0aaaaaaaaaaaaaaaa');
    expect(cloud.securityGroups['sg-0aaaaaaaaaaaaaaaa']?.rules.at(-1)).toMatchObject({
      id: 'sgr-0aaaaaaaaaaaaaaaa',
      peer: { prefixListId: 'pl-0aaaaaaaaaaaaaaaa' },
    });
    expect(cloud.instances['i-0aaaaaaaaaaaaaaaa']?.interfaceIds[0]).toBe('eni-0aaaaaaaaaaaaaaaa');
    expect(cloud.networkInterfaces['eni-0aaaaaaaaaaaaaaaa']).toMatchObject({
      instanceId: 'i-0aaaaaaaaaaaaaaaa',
      groupIds: ['sg-0aaaaaaaaaaaaaaaa'],
    });
  });

  it('let groups and main route tables of several VPCs have one name', () => {
    expect(cloud.securityGroups['sg-0bbbbbbbbbbbbbbbb']).toMatchObject({
      name: 'web',
      rules: [{}, { peer: { groupId: 'sg-0aaaaaaaaaaaaaaaa' } }],
    });
    expect(cloud.vpcs['vpc-0aaaaaaaaaaaaaaaa']?.defaultGroupId).toBe('sg-0cccccccccccccccc');
    expect(Object.values(cloud.vpcs)[1]).toMatchObject({
      defaultGroupId: 'sg-12345678',
      mainRouteTableId: 'rtb-0bbbbbbbbbbbbbbbb',
    });
  });

  it('keep the descriptions of a prefix list', () => {
    expect(cloud.prefixLists['pl-0aaaaaaaaaaaaaaaa']?.entries).toEqual([
      { cidr: '192.0.2.0/24', description: 'Acme' },
      { cidr: '203.0.113.0/24', description: null },
    ]);
  });

  it('must be well-formed, unique and of one thing', () => {
    const file = (groups: string) =>
      `name: x\nvpcs: { v: { cidr: 10.0.0.0/16, id: vpc-12345678 } }\nsecurityGroups: { ${groups} }`;
    expectOneProblem(
      file('web: { id: §vpc-12345678 }'),
      '"vpc-12345678" is not an id of this kind. Write sg- and 17 (or 8) hexadecimal digits.',
    );
    expectOneProblem(
      file('web: { id: sg-12345678 }, db: { id: §sg-12345678 }'),
      'sg-12345678 is the id of something else. Ids are unique in a lab.',
    );
    expectOneProblem(
      file('web: { ingress: { id: §sgr-12345678, protocol: tcp, ports: [80, 443], from: 0.0.0.0/0 } }'),
      '2 rules cannot all have this id. Write them one by one.',
    );
  });
});
