import { describe, expect, it } from 'vitest';
import { resolveGroup } from '../../../src/cloud/text/resolve.js';
import { ruleText } from '../../../src/cloud/text/rule.js';
import type { Cloud } from '../../../src/cloud/types.js';
import { parseScenario } from '../../../src/scenario/parse-scenario.js';
import { bareFile } from './files.js';

const rulesOf = (cloud: Cloud, group: string) => resolveGroup(cloud, group).rules.map((rule) => ruleText(cloud, rule));
const cloudOf = (rest: string) => parseScenario(bareFile(rest), 'x.yaml').cloud;

describe('the example of the design', () => {
  const DESIGN = `
name: securecart-web
vpcs:
  shop: { cidr: 10.0.0.0/16, internetGateway: true,
          subnets: { public: { cidr: 10.0.1.0/24, public: true }, private: { cidr: 10.0.2.0/24 } } }
securityGroups:
  web:
    vpc: shop
    ingress:
      - { protocol: tcp, ports: 443, from: 0.0.0.0/0, description: HTTPS from anywhere }
      - { protocol: tcp, ports: 22,  from: 198.51.100.10/32 }
    # egress left out: AWS's default, everything; \`egress: []\`: nothing
  db: { vpc: shop, ingress: [ { protocol: tcp, ports: 3306, from: web } ] }
instances:
  web-1: { subnet: public,  securityGroups: [web], publicIp: true, listen: [tcp/443, tcp/22] }
  db-1:  { subnet: private, securityGroups: [db],  listen: [tcp/3306] }
internet: { office: 198.51.100.10, stranger: 203.0.113.7 }
steps:
  - { probe: office -> web-1 tcp/22,   expect: connected }
  - { probe: stranger -> web-1 tcp/22, expect: timed-out, at: sg-ingress }
  - { probe: web-1 -> db-1 tcp/3306,   expect: connected }
  - revoke: { group: db, ingress: { protocol: tcp, ports: 3306, from: web } }
  - { probe: web-1 -> db-1 tcp/3306,   expect: timed-out }
`;

  it('is a cloud', () => {
    const { cloud } = parseScenario(DESIGN, 'x.yaml');
    expect(rulesOf(cloud, 'web')).toEqual([
      'all traffic to 0.0.0.0/0',
      'tcp/443 from 0.0.0.0/0',
      'tcp/22 from 198.51.100.10/32',
    ]);
    expect(rulesOf(cloud, 'db')).toEqual(['all traffic to 0.0.0.0/0', 'tcp/3306 from web']);
    expect(Object.values(cloud.instances).map(({ name, listen }) => [name, listen.length])).toEqual([
      ['web-1', 2],
      ['db-1', 1],
    ]);
    expect(Object.values(cloud.networkInterfaces).map((eni) => eni.publicIp)).toEqual(['198.18.0.1', null]);
    expect(cloud.externalHosts).toEqual({
      office: { name: 'office', addresses: ['198.51.100.10'], listen: [] },
      stranger: { name: 'stranger', addresses: ['203.0.113.7'], listen: [] },
    });
  });

  it('has steps with their lines', () => {
    const { steps } = parseScenario(DESIGN, 'x.yaml');
    expect(steps.map(({ type, line, name }) => [type, line, name])).toEqual([
      ['probe', 19, 'office -> web-1 tcp/22'],
      ['probe', 20, 'stranger -> web-1 tcp/22'],
      ['probe', 21, 'web-1 -> db-1 tcp/3306'],
      ['mutate', 22, 'revoke db: tcp/3306 from web'],
      ['probe', 23, 'web-1 -> db-1 tcp/3306'],
    ]);
    expect(steps[1]).toMatchObject({
      probe: { from: 'stranger', to: 'web-1', protocol: 'tcp', port: 22, icmpType: null, icmpCode: null, family: null },
      expect: { outcome: 'timed-out', stage: 'sg-ingress', leg: null, rules: [] },
    });
  });

  it('gives the same ids every time', () => {
    expect(parseScenario(DESIGN, 'a.yaml')).toEqual(parseScenario(DESIGN, 'a.yaml'));
  });
});

describe('security groups', () => {
  it.each([
    [
      '{ protocol: tcp, ports: [80, 443], from: [10.0.0.0/8, web] }',
      ['tcp/80 from 10.0.0.0/8', 'tcp/80 from web', 'tcp/443 from 10.0.0.0/8', 'tcp/443 from web'],
    ],
    ['{ protocol: TCP, ports: 7000-8000, from: ::/0 }', ['tcp/7000-8000 from ::/0']],
    ['{ protocol: udp, ports: all, from: 10.0.0.9/8 }', ['udp/0-65535 from 10.0.0.0/8']],
    ['{ protocol: icmp, from: web }', ['icmp/-1/-1 from web']],
    ['{ protocol: icmp, type: 3, code: 4, from: web }', ['icmp/3/4 from web']],
    ['{ protocol: icmpv6, type: 128, from: web }', ['icmpv6/128/-1 from web']],
    ['{ protocol: all, from: web }', ['all traffic from web']],
    ['{ protocol: -1, ports: 80, from: web }', ['all traffic from web']],
    ['{ protocol: 47, from: partners }', ['47 from partners']],
    ['{ protocol: 6, ports: 22, from: web }', ['tcp/22 from web']],
    ['[]', []],
  ])('ingress: %s', (ingress, expected) => {
    const cloud = cloudOf(
      `prefixLists: { partners: { entries: 10.0.0.0/8 } }\nsecurityGroups: { web: { ingress: ${ingress}, egress: [] } }`,
    );
    expect(rulesOf(cloud, 'web')).toEqual(expected);
  });

  it('the default group keeps what the file does not replace', () => {
    expect(rulesOf(cloudOf('securityGroups: { default: { ingress: [] } }'), 'default')).toEqual([
      'all traffic to 0.0.0.0/0',
    ]);
    expect(rulesOf(cloudOf('securityGroups: { default: { egress: [] } }'), 'default')).toEqual([
      'all traffic from default',
    ]);
  });
});

describe('instances', () => {
  const enis = (rest: string) => Object.values(cloudOf(rest).networkInterfaces);

  it('count makes many', () => {
    const { instances } = cloudOf('instances: { web: { subnet: a, count: 20 } }');
    expect(Object.values(instances).map(({ name }) => name)).toEqual(
      Array.from({ length: 20 }, (_, i) => `web-${i + 1}`),
    );
  });

  it('several interfaces, addresses by name, source/destination check', () => {
    expect(
      enis(`instances:
  first: { subnet: a }
  nat:
    sourceDestCheck: false
    subnet: v/a
    publicIp: 203.0.113.9
    privateIp: 10.0.1.4
    secondaryIps: 10.0.1.9
  two: { interfaces: [{ subnet: a }, { subnet: a, securityGroups: default }] }`),
    ).toMatchObject([
      { privateIpAddresses: ['10.0.1.5'], sourceDestCheck: true, publicIp: null },
      { privateIpAddresses: ['10.0.1.4', '10.0.1.9'], sourceDestCheck: false, publicIp: '203.0.113.9' },
      { privateIpAddresses: ['10.0.1.6'], deviceIndex: 0 },
      { privateIpAddresses: ['10.0.1.7'], deviceIndex: 1 },
    ]);
  });

  it('the word default means the group of the instance’s own VPC', () => {
    const { cloud } = parseScenario(
      `name: x
vpcs:
  a: { cidr: 10.0.0.0/16, subnets: { s: { cidr: 10.0.1.0/24 } } }
  b: { cidr: 10.0.0.0/16, subnets: { s: { cidr: 10.0.1.0/24 } } }
instances: { one: { subnet: a/s, securityGroups: default }, two: { subnet: b/s, securityGroups: [default] } }`,
      'x.yaml',
    );
    expect(Object.values(cloud.networkInterfaces).map((eni) => eni.groupIds[0])).toEqual(
      Object.values(cloud.vpcs).map((vpc) => vpc.defaultGroupId),
    );
  });
});

it('reads 500 instances, each with addresses of its own', () => {
  const vpcs = 'vpcs: { v: { cidr: 10.0.0.0/16, internetGateway: true, subnets: { a: { cidr: 10.0.0.0/20 } } } }';
  const { cloud } = parseScenario(
    `name: x\n${vpcs}\ninstances: { m: { subnet: a, publicIp: true, count: 500 } }`,
    'x.yaml',
  );
  const addresses = Object.values(cloud.networkInterfaces).flatMap((eni) => [...eni.privateIpAddresses, eni.publicIp]);
  expect(Object.keys(cloud.instances)).toHaveLength(500);
  expect(new Set(addresses)).toHaveLength(1000);
});
