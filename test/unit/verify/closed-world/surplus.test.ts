/** What passes beyond what may, found in small clouds without a packet; test/kernel/over-wide-answers.test.ts sends them. */
import { describe, expect, it } from 'vitest';
import { listOf } from '../../../../src/changes/read-parts.js';
import { parseCidr } from '../../../../src/cloud/network/cidr.js';
import { parseProbe, probeText } from '../../../../src/cloud/text/probe.js';
import { parseScenario } from '../../../../src/scenario/parse-scenario.js';
import { cellsOf } from '../../../../src/verify/closed-world/address-cells.js';
import { parseFlow, parsePlace } from '../../../../src/verify/closed-world/patterns.js';
import { surplusOf } from '../../../../src/verify/closed-world/surplus.js';
import type { ClosedWorld, Surplus } from '../../../../src/verify/closed-world/types.js';
import { wideRules } from '../../../../src/verify/closed-world/wide-rules.js';

interface Asked {
  /** Of the group of web-1. */
  readonly ingress?: readonly object[];
  readonly egress?: readonly object[];
  readonly into?: string;
  readonly outOf?: string;
  readonly only?: string | readonly string[];
}

function cloudOf({ ingress = [], egress = [] }: Asked) {
  const definition = {
    name: 'closed',
    vpcs: {
      v: {
        cidr: '10.0.0.0/16',
        ipv6Cidr: '2001:db8:1::/56',
        internetGateway: true,
        subnets: { s: { cidr: '10.0.1.0/24', ipv6Cidr: '2001:db8:1::/64', public: true } },
      },
    },
    prefixLists: { partners: { family: 'ipv4', maxEntries: 5, entries: ['198.51.100.0/28', '192.0.2.64/26'] } },
    securityGroups: { web: { ingress, egress }, other: {}, nobody: {} },
    instances: {
      'web-1': { subnet: 's', securityGroups: 'web', publicIp: true, listen: ['tcp/443', 'tcp/22'] },
      'other-1': { subnet: 's', securityGroups: 'other' },
    },
    internet: { office: '198.51.100.10', stranger: '203.0.113.7' },
  };
  return parseScenario(JSON.stringify(definition), 'closed').cloud;
}

function closedOf({ into, outOf, only = [] }: Asked): ClosedWorld {
  const [side, text] = into === undefined ? (['egress', outOf ?? ''] as const) : (['ingress', into] as const);
  const { place, traffic } = parsePlace(text);
  const ends = side === 'ingress' ? { from: 'anyone', to: place } : { from: place, to: 'anyone' };
  return { scopes: [{ side, ...ends, traffic }], only: listOf(only).map(parseFlow), needed: [] };
}

function words({ probe, from, to }: Surplus): string {
  const strangers = [from, to].flatMap(({ stranger }) => stranger?.address ?? []);
  return [probeText(probe), ...strangers].join(' as ');
}

const surplus = (asked: Asked) => surplusOf(cloudOf(asked), closedOf(asked)).map(words);

const HTTPS = { protocol: 'tcp', ports: 443, from: '0.0.0.0/0' };

describe('into web-1', () => {
  it('passes nothing where no rule is', () => {
    expect(surplus({ into: 'web-1' })).toEqual([]);
  });

  it('passes what may', () => {
    expect(surplus({ ingress: [HTTPS], into: 'web-1', only: 'anyone -> web-1 tcp/443' })).toEqual([]);
    expect(surplus({ ingress: [HTTPS], into: 'web-1', only: '0.0.0.0/0 -> web tcp/443' })).toEqual([]);
    expect(surplus({ ingress: [HTTPS], into: 'web-1 tcp/22' })).toEqual([]);
  });

  it.each([
    [HTTPS, 'office -> web-1 tcp/443', 'other-1 -> web-1 tcp/443'],
    [{ ...HTTPS, ports: '440-443' }, 'anyone -> web-1 tcp/443', 'other-1 -> web-1 tcp/440'],
    [{ ...HTTPS, ports: '443-500' }, 'anyone -> web-1 tcp/443', 'other-1 -> web-1 tcp/444'],
    [{ protocol: 'icmp', from: 'other' }, 'anyone -> web-1 tcp/443', 'other-1 -> web-1 icmp'],
    [
      { protocol: 'tcp', ports: 22, from: '198.51.100.8/29' },
      'office -> web-1 tcp/22',
      'somebody-1 -> web-1 tcp/22 as 198.51.100.9',
    ],
    [
      { protocol: 'tcp', ports: 22, from: 'partners' },
      '198.51.100.0/28 -> web-1 tcp/22',
      'somebody-1 -> web-1 tcp/22 as 192.0.2.65',
    ],
    [{ protocol: 'tcp', ports: 22, from: 'nobody' }, 'office -> web-1 tcp/22', 'newcomer-3 -> web-1 tcp/22'],
    [
      { protocol: 'tcp', ports: 22, from: '10.0.64.0/18' },
      'office -> web-1 tcp/22',
      'newcomer-2 -> web-1 tcp/22 as 10.0.64.4',
    ],
    [{ protocol: 'all', from: '::/0' }, 'anyone -> web-1 tcp/22', 'other-1 -> web-1 tcp/443 over IPv6'],
    [{ ...HTTPS, from: '::/0' }, '0.0.0.0/0 -> web-1 tcp/443', 'other-1 -> web-1 tcp/443 over IPv6'],
  ])('finds what %j opens beyond %s', (rule, only, found) => {
    expect(surplus({ ingress: [rule], into: 'web-1', only })).toContain(found);
  });

  it('names each rule once, the most telling packet first', () => {
    const wide = [HTTPS, { protocol: 'udp', ports: '53-99', from: '0.0.0.0/0' }];
    expect(surplus({ ingress: wide, into: 'web-1' })).toEqual(['other-1 -> web-1 tcp/443', 'other-1 -> web-1 udp/53']);
  });
});

describe('out of web-1', () => {
  const MAIL = { protocol: 'tcp', ports: 25, to: '0.0.0.0/0' };

  it('finds what it may begin with anybody', () => {
    expect(surplus({ egress: [], outOf: 'web-1' })).toEqual([]);
    expect(surplus({ egress: [MAIL], outOf: 'web-1', only: 'web-1 -> anyone tcp/443' })).toEqual([
      'web-1 -> office tcp/25',
    ]);
  });

  it('is asked of a machine of tomorrow with the group that a rule names', () => {
    const rule = { protocol: 'tcp', ports: 25, to: 'nobody' };
    expect(surplus({ egress: [rule], outOf: 'web-1' })).toEqual(['web-1 -> newcomer-3 tcp/25']);
  });
});

describe('a rule that is wider than needed', () => {
  const wide = (asked: Asked) => {
    const cloud = cloudOf(asked);
    expect(surplusOf(cloud, closedOf(asked))).toEqual([]);
    return wideRules(cloud, closedOf(asked)).map(
      ({ example }) => `${example.peer} ${example.probe.protocol}/${example.probe.port}`,
    );
  };

  it('names addresses that nobody can have', () => {
    const rule = { protocol: 'tcp', ports: 22, from: '192.168.0.0/16' };
    expect(wide({ ingress: [rule], into: 'web-1' })).toEqual(['192.168.0.0 tcp/22']);
  });

  it('is not one that opens just what may pass, or what another goal needs', () => {
    const asked = { ingress: [HTTPS], into: 'web-1', only: 'anyone -> web-1 tcp/443' };
    expect(wide(asked)).toEqual([]);
    const { from, to } = parseProbe('stranger -> web-1 tcp/443');
    const needed = [parseFlow(`${from} -> ${to} tcp/443`)];
    const ssh = { ingress: [HTTPS], into: 'web-1 tcp/22' };
    expect(wideRules(cloudOf(ssh), { ...closedOf(ssh), needed })).toEqual([]);
    expect(wideRules(cloudOf(ssh), closedOf(ssh))).toHaveLength(1);
  });
});

describe('addresses', () => {
  it('are told apart at the edges of each block', () => {
    const cells = cellsOf(parseCidr('10.0.0.0/29'), ['10.0.0.2/31', '10.0.0.4/30', '0.0.0.0/0'].map(parseCidr));
    const ends = cells.map(({ first, last }) => [first, last].map((each) => Number(each & 7n)));
    expect(ends).toEqual([
      [0, 1],
      [2, 3],
      [4, 7],
    ]);
  });
});
