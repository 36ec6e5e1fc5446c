/** Drift: what somebody else changes in the kernel is seen, makes verdicts unknown, and is taken back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Drift } from '../../src/lab/drift.js';
import { RunningLab } from './support/running-lab.js';
import { SMALL } from './support/small-lab.js';
import { until } from './support/until.js';

const ns = (name: string) => `sglab-small-${name}`;

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up(SMALL);
});
afterAll(() => lab?.stop());

/** Somebody else, in a namespace of the lab. */
const inside = (name: string, ...command: string[]) => lab.host.run('ip', ['netns', 'exec', ns(name), ...command]);
const status = async () => (await lab.host.json<{ drift: Drift[] }>(['status'])).drift;
const repair = async () => (await lab.host.json<{ mended: Drift[] }>(['repair'])).mended;

/** Each of a kind, with what the report must say. */
const CHANGES: readonly [string, string, readonly string[], RegExp][] = [
  ['a ruleset that is gone', 'web.eth0', ['nft', 'delete', 'table', 'inet', 'sg'], /the ruleset is not the lab's/],
  ['a rule more', 'v.vpc', ['nft', 'add', 'table', 'ip', 'own'], /the ruleset is not the lab's/],
  ['a link that is down', 'web.eth0', ['ip', 'link', 'set', 'guest', 'down'], /the link guest is down/],
  ['a link of a router', 'v.vpc', ['ip', 'link', 'set', 'igw', 'down'], /the link igw is down/],
  [
    'a parameter',
    'web.eth0',
    ['sysctl', '-w', 'net.bridge.bridge-nf-call-iptables=0'],
    /bridge-nf-call-iptables is 0, not 1/,
  ],
  ['a router that does not forward', 'v.igw', ['sysctl', '-w', 'net.ipv4.ip_forward=0'], /ip_forward is 0, not 1/],
  [
    'a route that is gone',
    'v.vpc',
    ['ip', 'route', 'del', '10.0.0.0/16'],
    /the route to 10\.0\.0\.0\/16 by void is gone/,
  ],
  [
    'a route more',
    'the.internet',
    ['ip', 'route', 'add', '192.0.2.0/24', 'dev', 'lo'],
    /192\.0\.2\.0\/24 .*not the lab's/,
  ],
  [
    'an address more',
    'v.vpc',
    ['ip', 'addr', 'add', '192.0.2.1/32', 'dev', 'lo'],
    /192\.0\.2\.1\/32 of lo is not the lab's/,
  ],
  [
    'an address that is gone',
    'v.vpc',
    ['ip', 'addr', 'del', '10.0.1.1/32', 'dev', 'lo'],
    /10\.0\.1\.1\/32 of lo is gone/,
  ],
  ['a neighbour', 'v.igw', ['ip', 'neigh', 'flush', 'nud', 'permanent', 'dev', 'vpc'], /the neighbour 169\.254\.0\.1/],
  [
    'a routing rule more',
    'v.vpc',
    ['ip', 'rule', 'add', 'pref', '100', 'to', '10.0.0.0/8', 'blackhole'],
    /the IPv4 routing rule 100 is not the lab's/,
  ],
  [
    'a routing rule of IPv6 more',
    'v.igw',
    ['ip', '-6', 'rule', 'add', 'pref', '200', 'from', '2001:db8::/32', 'lookup', '7'],
    /the IPv6 routing rule 200 from 2001:db8::\/32 lookup 7 is not the lab's/,
  ],
  [
    'a routing rule that is gone',
    'v.vpc',
    ['ip', 'rule', 'del', 'pref', '60000'],
    /the IPv4 routing rule 60000 lookup 60000 is gone/,
  ],
  [
    "the kernel's routing rule that is gone",
    'v.vpc',
    ['ip', 'rule', 'del', 'pref', '32766'],
    /the IPv4 routing rule 32766 lookup 254 is gone/,
  ],
  ['a link that is gone', 'web.eth0', ['ip', 'link', 'del', 'uplink'], /the link uplink is gone/],
  ['a link more', 'v.vpc', ['ip', 'link', 'add', 'own', 'type', 'bridge'], /the link own is not the lab's/],
];

describe('what somebody else changes in the kernel', () => {
  it('is nothing in a lab that sglab alone has changed', async () => {
    expect(await status()).toEqual([]);
    await lab.authorize('web', 'tcp/8081 from 0.0.0.0/0');
    expect(await lab.probe('office -> web tcp/80')).toMatchObject({ outcome: 'connected' });
    await lab.host.json(['advance', '60s']);
    expect(await lab.probe('office -> web tcp/80')).toMatchObject({ outcome: 'connected' });
    expect(await status()).toEqual([]);
    expect(await repair()).toEqual([]);
  });

  it.each(CHANGES)('is seen, makes verdicts unknown, and is repaired: %s', async (_, place, command, says) => {
    await inside(place, ...command);
    const { outcome, explanation } = await lab.probe('office -> web tcp/80');
    expect(explanation).toMatch(says);
    expect(explanation).toContain(ns(place));
    expect(outcome).toBe('unknown');
    const seen = await status();
    expect(seen.flatMap(({ namespace, differences }) => differences.map((each) => `${namespace}: ${each}`))).toEqual(
      expect.arrayContaining([expect.stringMatching(says)]),
    );
    expect((await repair()).map(({ namespace }) => namespace)).toContain(ns(place));
    expect(await status()).toEqual([]);
    expect(await lab.probe('office -> web tcp/80')).toMatchObject({ outcome: 'connected' });
    expect(await lab.probe('office -> web tcp/22')).toMatchObject({ outcome: 'timed-out', stage: 'sg-ingress' });
  });

  it('is seen and repaired where it decides nothing: marks, time-outs of tracking', async () => {
    await inside('v.vpc', 'sysctl', '-w', 'net.ipv4.conf.all.tag=7');
    await inside('web.eth0', 'sysctl', '-w', 'net.netfilter.nf_conntrack_udp_timeout=9');
    expect(await status()).toEqual([
      { namespace: ns('v.vpc'), differences: [expect.stringContaining('net.ipv4.conf.all.tag is 7, not ')] },
      { namespace: ns('web.eth0'), differences: ['net.netfilter.nf_conntrack_udp_timeout is 9, not 30'] },
    ]);
    expect(await repair()).toHaveLength(2);
    expect(await status()).toEqual([]);
  });

  it('says nothing about machines that it does not concern', async () => {
    await lab.authorize('web', 'tcp/80 from 10.0.0.0/16');
    expect(await lab.probe('app -> web tcp/80')).toMatchObject({ outcome: 'connected' });
    await inside('app.eth0', 'nft', 'delete', 'table', 'inet', 'sg');
    expect(await lab.probe('office -> web tcp/80')).toMatchObject({ outcome: 'connected' });
    expect(await lab.probe('app -> web tcp/80')).toMatchObject({ outcome: 'unknown' });
    await repair();
    expect(await lab.probe('app -> web tcp/80')).toMatchObject({ outcome: 'connected' });
  });

  it('is in the history', async () => {
    const { drift } = await lab.host.json<{ drift: { isMended: boolean; places: Drift[] }[] }>(['history']);
    expect(drift.at(-2)).toMatchObject({ isMended: false, places: [{ namespace: ns('app.eth0') }] });
    expect(drift.at(-1)).toMatchObject({ isMended: true, places: [{ namespace: ns('app.eth0') }] });
    expect((await lab.host.sglab(['history'])).stdout).toContain('repaired');
  });

  it('is taken back by a controller that was asked to, and is nothing after `down` with other marks', async () => {
    await lab.host.sglab(['down']);
    expect((await lab.host.sglab(['up', lab.file, '--repair'])).code).toBe(0);
    await inside('web.eth0', 'nft', 'delete', 'table', 'inet', 'sg');
    await until('the ruleset is back', async () => (await inside('web.eth0', 'nft', 'list', 'ruleset')).includes('sg'));
    await until('the drift is gone', async () => (await status()).length === 0);
    expect(await lab.probe('office -> web tcp/80')).toMatchObject({ outcome: 'connected' });
    for (const mark of ['all', 'default']) await inside('web.eth0', 'sysctl', '-w', `net.ipv4.conf.${mark}.tag=7`);
    await inside('v.vpc', 'sysctl', '-w', 'net.ipv4.conf.all.tag=7');
    await lab.host.sglab(['down']);
    expect(await lab.host.run('ip', ['netns'])).toBe('');
  });
});
