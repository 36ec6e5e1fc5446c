/** Long-lived flows while rules change: who stalls them, and that they go on as if nothing had been sent meanwhile. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/verdict/types.js';
import { TestHost } from './support/test-host.js';

let host: TestHost;

beforeAll(async () => {
  host = await TestHost.start();
});
afterAll(() => host.stop());

const LAB = {
  vpcs: {
    v: {
      cidr: '10.0.0.0/16',
      ipv6Cidr: '2001:db8:1::/56',
      internetGateway: true,
      subnets: { s: { cidr: '10.0.1.0/24', ipv6Cidr: '2001:db8:1::/64', public: true } },
    },
  },
  securityGroups: {
    web: {
      ingress: [
        { protocol: 'tcp', ports: 22, from: '198.51.100.10/32', description: 'tracked' },
        { protocol: 'tcp', ports: 23, from: ['0.0.0.0/0', '::/0'], description: 'untracked' },
        { protocol: 'udp', ports: 53, from: '0.0.0.0/0', description: 'datagrams' },
        { protocol: 'icmp', from: '0.0.0.0/0', description: 'ping' },
        { protocol: 'icmpv6', from: '::/0' },
        { protocol: 47, from: '0.0.0.0/0' },
        { protocol: 132, from: '0.0.0.0/0' },
      ],
    },
    app: {},
  },
  instances: {
    web: { subnet: 's', securityGroups: 'web', publicIp: true, listen: ['tcp/22', 'tcp/23', 'udp/53', 47, 132] },
    app: { subnet: 's', securityGroups: 'app', listen: ['udp/53', 47, 132] },
  },
  internet: { office: '198.51.100.10' },
};

/** Runs the steps in a lab of their own. @returns what became of each, in order */
async function outcomes(name: string, steps: readonly object[]): Promise<string[]> {
  const file = host.write(`${name}.yaml`, { name, ...LAB, steps });
  const { stdout, stderr } = await host.sglab(['run', file, '--json']);
  if (stdout === '') throw new Error(stderr);
  const { steps: results } = JSON.parse(stdout) as RunReport;
  return results
    .filter(({ outcome }) => outcome !== 'done')
    .map(({ status, outcome, stage, explanation }) =>
      [status, outcome, ...(stage === null ? [] : [stage]), ...(status === 'passed' ? [] : [explanation])].join(' '),
    );
}

const open = (flow: string, probe: string, more: object = {}) => ({ open: { flow, probe, ...more } });
const continues = (flow: string, send = 'both') => ({ flow, send, expect: 'goes-on' });
const stalls = (flow: string, send = 'both', more: object = {}) => ({ flow, send, expect: 'stalls', ...more });
const revoke = (...rule: string[]) => ({ revoke: { group: 'web', rule } });

describe('a long-lived flow', () => {
  it.each([
    ['tcp', 'office -> web tcp/22', {}],
    ['tcp6', 'app -> web tcp/23', { family: 'ipv6' }],
    ['udp', 'app -> web udp/53', { send: 'client' }],
    ['ping', 'office -> web icmp', {}],
    ['ping6', 'app -> web icmpv6', {}],
    ['gre', 'app -> web 47', { send: 'client' }],
    ['sctp', 'app -> web 132', {}],
  ])('over %s carries messages of each side', async (name, probe, more) => {
    const steps = [
      open('f', probe, more),
      continues('f', 'client'),
      continues('f', 'server'),
      continues('f'),
      { end: 'f' },
    ];
    expect(await outcomes(name, steps)).toEqual([
      'passed connected',
      'passed goes-on',
      'passed goes-on',
      'passed goes-on',
      'passed ended',
    ]);
  });

  it('goes on when its rule is revoked, if it is tracked', async () => {
    const steps = [
      open('ssh', 'office -> web tcp/22'),
      open('ping', 'app -> web icmp'),
      revoke('tracked', 'ping'),
      continues('ssh', 'server'),
      continues('ssh'),
      continues('ping'),
      { probe: 'office -> web tcp/22', expect: 'timed-out', at: 'sg-ingress' },
    ];
    expect((await outcomes('tracked', steps)).filter((text) => !text.startsWith('passed'))).toEqual([]);
  });

  it('stalls with the next packet when its rule is revoked, if it is untracked, and goes on with the rule', async () => {
    const steps = [
      open('shell', 'app -> web tcp/23'),
      open('dns', 'app -> web udp/53'),
      revoke('untracked', 'datagrams'),
      stalls('shell', 'client', { at: 'sg-ingress', leg: 'request' }),
      stalls('dns', 'client', { at: 'sg-ingress', leg: 'request' }),
      continues('shell', 'server'),
      stalls('shell', 'both', { at: 'sg-ingress' }),
      { authorize: { group: 'web', ingress: { protocol: 'tcp', ports: 23, from: '0.0.0.0/0' } } },
      continues('shell', 'client'),
      continues('shell'),
      { revoke: { group: 'web', egress: { protocol: 'all', to: '0.0.0.0/0' } } },
      stalls('shell', 'server', { at: 'sg-egress', leg: 'reply' }),
      continues('shell'),
    ];
    expect((await outcomes('untracked', steps)).filter((text) => !text.startsWith('passed'))).toEqual([]);
  });

  it('retransmits nothing after it stalled', async () => {
    const retransmitted = "grep ^Tcp: /proc/net/snmp | tail -1 | cut -d' ' -f13";
    const steps = [
      open('shell', 'app -> web tcp/23'),
      revoke('untracked'),
      stalls('shell', 'client'),
      { exec: { on: 'app', run: `sleep 1; test $(${retransmitted}) = 0` } },
    ];
    expect((await outcomes('quiet', steps)).at(-1)).toBe('passed ok');
  });

  it('says which one stalled, why, and that it is untracked', async () => {
    const steps = [open('shell', 'app -> web tcp/23'), revoke('untracked'), continues('shell')];
    expect(await outcomes('why', steps)).toEqual([
      'passed connected',
      "failed stalls sg-ingress the flow shell stalled: no ingress rule of web.eth0's security groups (web) allows tcp/23 from 10.0.1.5 any more; it is untracked",
    ]);
  });

  it('that cannot be opened fails with its cause, and nothing of it is left', async () => {
    const steps = [
      open('ssh', 'app -> web tcp/22'),
      open('none', 'app -> web udp/54'),
      continues('ssh'),
      { start: { on: 'app', run: 'sleep 60' } },
    ];
    const [first, second, third] = await outcomes('closed', steps);
    expect(first).toMatch(/^failed timed-out sg-ingress no ingress rule/);
    expect(second).toMatch(/^failed timed-out sg-ingress no ingress rule/);
    expect(third).toMatch(/^failed error there is no open flow ssh/);
  });

  it('is over when the server ends it', async () => {
    const steps = [
      open('shell', 'app -> web tcp/23'),
      { close: { on: 'web', ports: 'tcp/23' } },
      { flow: 'shell', expect: 'reset' },
    ];
    expect(await outcomes('over', steps)).toEqual(['passed connected', 'passed reset']);
  });
});

it('servers do not answer each other for ever', async () => {
  const received = 'cat /sys/class/net/eth0/statistics/rx_packets';
  const isQuiet = `sleep 0.1; before=$(${received}); sleep 0.3; test $(($(${received}) - before)) -lt 10`;
  const steps = [
    { probe: 'app -> web 47', expect: 'connected' },
    { probe: 'app -> web 132', expect: 'connected' },
    { packet: { from: 'app', to: 'web', protocol: 'udp', sourcePort: 53, ports: 53 }, expect: 'delivered' },
    { exec: { on: 'web', run: isQuiet } },
  ];
  expect(await outcomes('quiet', steps)).toEqual([
    'passed connected',
    'passed connected',
    'passed delivered',
    'passed ok',
  ]);
});
