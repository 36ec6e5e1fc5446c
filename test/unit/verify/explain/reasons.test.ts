/** Why rules and entries do not match, the nearest first. */
import { describe, expect, it } from 'vitest';
import { stageEvidence } from '../../../../src/cli/report/explain-evidence.js';
import { PLAIN } from '../../../../src/cli/report/style.js';
import { parseProbe } from '../../../../src/cloud/text/probe.js';
import { ORDINARY } from '../../../../src/oracle/behaviour.js';
import type { Stage } from '../../../../src/verdict/types.js';
import { queryModel } from '../../../../src/verify/explain/query-model.js';
import { rulesAt } from '../../../../src/verify/explain/rules.js';
import type { StageView } from '../../../../src/verify/explain/types.js';
import { CLIENT_PORT, cloudOf } from './advise.js';

interface Definition {
  readonly ingress?: object[];
  readonly inbound?: object[];
}

/** `[rule, what does not fit]` of each rule that the stage asked. */
function reasons({ ingress = [], inbound }: Definition, words: string, stage: Stage): (readonly [string, string])[] {
  return considered({ ingress, ...(inbound === undefined ? {} : { inbound }) }, words, stage).map(
    ({ rule, mismatches }) => [rule, mismatches.join('; ')] as const,
  );
}

function considered({ ingress = [], inbound }: Definition, words: string, stage: Stage) {
  const list = { inbound: inbound ?? [], outbound: { rule: 100, action: 'allow', protocol: 'all', to: '0.0.0.0/0' } };
  const cloud = cloudOf({
    vpcs: {
      shop: {
        cidr: '10.0.0.0/16',
        internetGateway: true,
        subnets: {
          public: { cidr: '10.0.1.0/24', public: true, ...(inbound === undefined ? {} : { networkAcl: 'strict' }) },
        },
      },
    },
    networkAcls: { strict: { vpc: 'shop', ...list } },
    prefixLists: { partners: { entries: ['192.0.2.0/24'] } },
    securityGroups: { web: { ingress }, other: {} },
    instances: {
      web: { subnet: 'public', securityGroups: 'web', publicIp: true },
      app: { subnet: 'public', securityGroups: 'other', privateIp: '10.0.1.20' },
    },
    internet: { stranger: '203.0.113.7' },
  });
  const { request } = queryModel(cloud, { spec: parseProbe(words), clientPort: CLIENT_PORT, behaviour: ORDINARY });
  const hop = request.find((each) => each.stage === stage);
  if (hop === undefined) throw new Error(`${words} does not come to ${stage}`);
  return rulesAt(cloud, hop);
}

const tcp = (ports: number | string, from: string) => ({ protocol: 'tcp', ports, from });

describe('a rule of a security group says everything that does not fit', () => {
  it.each([
    [tcp(22, '10.0.1.0/24'), 'stranger -> web tcp/22', 'source 203.0.113.7 is not in 10.0.1.0/24'],
    [tcp(80, '0.0.0.0/0'), 'stranger -> web tcp/22', 'destination port 22 is not 80'],
    [tcp('8000-9000', '0.0.0.0/0'), 'stranger -> web tcp/22', 'destination port 22 is not in 8000-9000'],
    [tcp(22, 'web'), 'app -> web tcp/22', 'source 10.0.1.20 is no member of web'],
    [tcp(22, 'partners'), 'stranger -> web tcp/22', 'source 203.0.113.7 is not in prefix list partners'],
    [tcp(22, '::/0'), 'stranger -> web tcp/22', 'the packet is ipv4, the rule ipv6'],
    [tcp(22, '0.0.0.0/0'), 'stranger -> web udp/22', 'protocol udp is not tcp'],
    [{ protocol: 'icmp', type: 13, code: 0, from: '0.0.0.0/0' }, 'stranger -> web icmp', 'ICMP 8/0 is not 13/0'],
    [
      tcp(80, '10.0.0.0/8'),
      'stranger -> web tcp/22',
      'destination port 22 is not 80; source 203.0.113.7 is not in 10.0.0.0/8',
    ],
  ])('%j for %s: %s', (rule, words, reason) => {
    expect(reasons({ ingress: [rule] }, words, 'sg-ingress').map(([, text]) => text)).toEqual([reason]);
  });
});

it('a member of a group that rules of this VPC cannot refer to is a member all the same', () => {
  const cloud = cloudOf({
    vpcs: {
      shop: { cidr: '10.1.0.0/16', subnets: { apps: { cidr: '10.1.1.0/24', routeTable: 'of-shop' } } },
      data: { cidr: '10.2.0.0/16', subnets: { dbs: { cidr: '10.2.1.0/24' } } },
    },
    transitGateways: { hub: { attachments: { shop: {}, data: {} } } },
    routeTables: { 'of-shop': { vpc: 'shop', routes: { to: '10.2.0.0/16', via: 'hub' } } },
    securityGroups: { app: { vpc: 'shop' }, db: { vpc: 'data', ingress: tcp(3306, 'app') } },
    instances: { c: { subnet: 'apps', securityGroups: 'app' }, v: { subnet: 'dbs', securityGroups: 'db' } },
  });
  const question = { spec: parseProbe('c -> v tcp/3306'), clientPort: CLIENT_PORT, behaviour: ORDINARY };
  const hop = queryModel(cloud, question).request.at(-1);
  expect(hop && rulesAt(cloud, hop)).toMatchObject([
    {
      mismatches: ['source 10.1.1.4 belongs to a member of app, but rules here cannot refer to groups of the VPC shop'],
    },
  ]);
});

it('the rule that lacks least comes first; of ports the nearest', () => {
  const ingress = [
    { protocol: 'udp', ports: 22, from: '10.0.0.0/8' },
    tcp(80, '10.0.0.0/8'),
    tcp(443, '0.0.0.0/0'),
    tcp(23, '0.0.0.0/0'),
    tcp(22, '10.0.0.0/8'),
    tcp(22, '203.0.113.7/32'),
  ];
  expect(reasons({ ingress }, 'stranger -> web tcp/22', 'sg-ingress').map(([rule]) => rule)).toEqual([
    'tcp/22 from 203.0.113.7/32',
    'tcp/22 from 10.0.0.0/8',
    'tcp/23 from 0.0.0.0/0',
    'tcp/443 from 0.0.0.0/0',
    'tcp/80 from 10.0.0.0/8',
    'udp/22 from 10.0.0.0/8',
  ]);
});

it('entries of a network ACL come in their order, up to the one that decides', () => {
  const entry = (rule: number, action: string, from: string) => ({ rule, action, protocol: 'tcp', ports: 22, from });
  const inbound = [
    entry(90, 'deny', '10.0.0.0/8'),
    entry(100, 'deny', '203.0.113.0/24'),
    entry(110, 'allow', '0.0.0.0/0'),
  ];
  expect(reasons({ inbound }, 'stranger -> web tcp/22', 'nacl-inbound')).toEqual([
    ['90 deny tcp/22 from 10.0.0.0/8', 'source 203.0.113.7 is not in 10.0.0.0/8'],
    ['100 deny tcp/22 from 203.0.113.0/24', ''],
  ]);
});

it('of many rules the page shows the nearest five, and says how many more there are', () => {
  const ingress = Array.from({ length: 60 }, (_, at) => tcp(8000 + at, '0.0.0.0/0'));
  const rules = considered({ ingress }, 'stranger -> web tcp/22', 'sg-ingress').map((rule) => ({
    ...rule,
    decidedInKernel: false,
    packets: null,
  }));
  const view: StageView = {
    ...{
      leg: 'request',
      stage: 'sg-ingress',
      where: 'web.eth0',
      at: null,
      model: 'drop',
      kernel: 'drop',
      because: '',
      packet: '',
    },
    ...{ rules, connection: null, seen: [] },
  };
  const lines = stageEvidence(view, PLAIN);
  expect(lines).toHaveLength(6);
  expect(lines[0]).toBe('✗  web  tcp/8000 from 0.0.0.0/0  destination port 22 is not 8000');
  expect(lines.at(-1)).toBe('and 55 more, further from matching');
});
