/** Several groups, references between groups, several interfaces, the way through the internet gateway: S34 to S49, S57. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../src/cloud/types.js';
import { admissions, RunningLab } from './support/running-lab.js';

const ANY = '0.0.0.0/0';
const tcp = (ports: number, from: string) => ({ protocol: 'tcp', ports, from });
const LISTEN = ['tcp/80', 'tcp/22', 'udp/53', 50];
const V = { subnet: 'a', listen: LISTEN };

const DEFINITION = {
  name: 'groups',
  vpcs: {
    v: {
      cidr: '10.0.0.0/16',
      ipv6Cidr: '2001:db8:1::/56',
      internetGateway: true,
      subnets: {
        a: { cidr: '10.0.1.0/24', ipv6Cidr: '2001:db8:1:1::/64', public: true },
        b: { cidr: '10.0.2.0/24' },
      },
    },
  },
  securityGroups: {
    client: {},
    x: {},
    y: {},
    empty: {},
    web: { ingress: [tcp(80, ANY)] },
    admin: { ingress: [tcp(22, ANY)] },
    adminOne: { ingress: [tcp(22, '203.0.113.1/32')] },
    fromX: { ingress: [tcp(22, 'x')] },
    fromY: { ingress: [tcp(22, 'y')] },
    toX: { egress: [{ protocol: -1, to: 'x' }] },
    open: {
      ingress: [
        { protocol: -1, from: ANY },
        { protocol: -1, from: '::/0' },
      ],
    },
    hidden: { egress: [] },
  },
  instances: {
    both: { ...V, securityGroups: ['web', 'admin'] },
    wide: { ...V, securityGroups: ['adminOne', 'admin'] },
    one: { ...V, securityGroups: 'web' },
    two: { ...V, securityGroups: 'web' },
    padded: { ...V, securityGroups: ['web', 'empty'] },
    v: { ...V, securityGroups: 'fromX', publicIp: true },
    chained: { ...V, securityGroups: 'fromY' },
    member: { subnet: 'a', securityGroups: ['client', 'x'], secondaryIps: ['10.0.1.200'], publicIp: true },
    several6: { ...V, securityGroups: 'open', ipv6Addresses: ['2001:db8:1:1::a1', '2001:db8:1:1::a2'] },
    stranger: { subnet: 'a', securityGroups: 'client', publicIp: true },
    dual: {
      interfaces: [
        { subnet: 'b', securityGroups: 'client' },
        { subnet: 'a', securityGroups: 'client' },
      ],
    },
    inner: { subnet: 'b', securityGroups: 'client' },
    'in-x': { subnet: 'a', securityGroups: ['x', 'open'], listen: LISTEN },
    narrow: { subnet: 'a', securityGroups: 'toX' },
    default1: { subnet: 'a', listen: [...LISTEN, 47] },
    default2: { subnet: 'a' },
    self1: { ...V, securityGroups: 'empty' },
    self2: { subnet: 'a', securityGroups: 'empty' },
    multi: {
      interfaces: [
        { subnet: 'a', securityGroups: 'web' },
        { subnet: 'b', securityGroups: 'admin' },
        { subnet: 'b', securityGroups: 'open', secondaryIps: ['10.0.2.200'] },
      ],
      listen: LISTEN,
    },
    public: { subnet: 'a', securityGroups: ['open', 'client'], publicIp: true, listen: LISTEN },
    mute: { subnet: 'a', securityGroups: 'hidden', publicIp: true, listen: LISTEN },
  },
  internet: {
    office: { addresses: ['198.51.100.10', '2001:db8:ffff::10'], listen: ['tcp/443', 'udp/123', 50] },
  },
};

let lab: RunningLab;
let cloud: Cloud;
beforeAll(async () => {
  lab = await RunningLab.up(DEFINITION);
  cloud = await lab.cloud();
});
afterAll(() => lab?.stop());

const CONNECTED = { outcome: 'connected', stage: null, leg: null };
const REFUSED = { outcome: 'refused', stage: 'listener', leg: 'request' };
const DROPPED = { outcome: 'timed-out', stage: 'sg-ingress', leg: 'request' };
const DROPPED_AT_SENDER = { outcome: 'timed-out', stage: 'sg-egress', leg: 'request' };
const NO_ROUTE = { outcome: 'timed-out', stage: 'route', leg: 'request' };

describe('what is as the file says', () => {
  it.concurrent.each([
    ['S34', 'stranger -> both tcp/80', CONNECTED],
    ['S34', 'stranger -> both tcp/22', CONNECTED],
    ['S35', 'stranger -> wide tcp/22', CONNECTED],
    ['S40', 'stranger -> padded tcp/80', CONNECTED],
    ['S40', 'stranger -> padded tcp/22', DROPPED],
    ['S38', 'stranger -> multi tcp/80', CONNECTED],
    ['S38', 'stranger -> multi tcp/22', DROPPED],
    ['S38', 'stranger -> multi.eth1 tcp/22', CONNECTED],
    ['S38', 'stranger -> multi.eth1 tcp/80', DROPPED],
    ['S38', 'stranger -> multi.eth2 udp/53', CONNECTED],
    ['S38', 'stranger -> multi.eth2 50', CONNECTED],
    ['S38', 'stranger -> multi.eth2 icmp', CONNECTED],
    ['S38', 'multi.eth2 -> in-x udp/53', CONNECTED],
    ['S38', 'multi.eth2 -> in-x 50', CONNECTED],
    ['S38', 'multi.eth1 -> one tcp/80', CONNECTED],
    ['S38', 'multi.eth1 -> in-x icmp', CONNECTED],
    ['S38', 'dual.eth1 -> several6 icmpv6', CONNECTED],
    ['S41', 'member -> v tcp/22', CONNECTED],
    ['S41', 'member -> v tcp/80', DROPPED],
    ['S41', 'stranger -> v tcp/22', DROPPED],
    ['S44', '10.0.1.200 -> v tcp/22', CONNECTED],
    ['S44', '10.0.1.200 -> in-x icmp', CONNECTED],
    ['S44', '10.0.1.200 -> in-x udp/53', CONNECTED],
    ['S44', '10.0.1.200 -> in-x 50', CONNECTED],
    ['S44', 'stranger -> 10.0.2.200 tcp/80', CONNECTED],
    ['S44', 'stranger -> 10.0.2.200 udp/53', CONNECTED],
    ['S44', 'stranger -> 10.0.2.200 50', CONNECTED],
    ['S44', 'stranger -> 10.0.2.200 icmp', CONNECTED],
    ['S45', 'member -> v.public tcp/22', DROPPED],
    ['S45', 'member -> public.public tcp/22', CONNECTED],
    ['S45', 'public -> public.public tcp/22', CONNECTED],
    ['S45', 'public -> public.public 50', CONNECTED],
    ['S45', 'public -> public.public 46', { outcome: 'timed-out', stage: 'listener' }],
    ['S45', 'v -> v.public tcp/22', DROPPED],
    ['S46', 'default2 -> default1 tcp/80', CONNECTED],
    ['S46', 'default2 -> default1 udp/53', CONNECTED],
    ['S46', 'default2 -> default1 icmp', CONNECTED],
    ['S46', 'default2 -> default1 47', CONNECTED],
    ['S46', 'default2 -> default1 tcp/9', REFUSED],
    ['S46', 'stranger -> default1 tcp/80', DROPPED],
    ['S47', 'self2 -> self1 tcp/80', DROPPED],
    ['S48', 'member -> chained tcp/22', DROPPED],
    ['S49', 'narrow -> in-x tcp/80', CONNECTED],
    ['S49', 'narrow -> one tcp/80', DROPPED_AT_SENDER],
    ['S106', 'office -> public tcp/80', CONNECTED],
    ['S106', 'office -> public icmp', CONNECTED],
    ['S106', 'office -> public 50', CONNECTED],
    ['S106', 'office -> public 51', REFUSED],
    ['S106', 'public -> office tcp/443', CONNECTED],
    ['S106', 'public -> office udp/123', CONNECTED],
    ['S106', 'public -> office icmp', CONNECTED],
    ['S106', 'public -> office 50', CONNECTED],
    ['S106', 'public -> office tcp/444', REFUSED],
    ['S107', 'one -> office tcp/443', NO_ROUTE],
    ['S107', 'inner -> office tcp/443', NO_ROUTE],
    ['S107', 'office -> one tcp/80', NO_ROUTE],
    ['S114', 'both -> both tcp/9', REFUSED],
    ['S114', 'both -> both tcp/80', CONNECTED],
    ['S114', 'self1 -> self1 udp/53', CONNECTED],
    ['S114', 'self1 -> self1 icmp', CONNECTED],
    ['S114', 'multi -> multi.eth1 tcp/80', CONNECTED],
    ['S114', 'multi.eth1 -> multi udp/53', CONNECTED],
    ['S114', 'multi.eth1 -> multi icmp', CONNECTED],
    ['S114', 'multi.eth1 -> multi 50', CONNECTED],
    ['S114', 'multi -> multi.eth2 50', CONNECTED],
    ['S114', 'multi -> multi.eth2 51', REFUSED],
    ['S114', 'self1 -> self1 50', CONNECTED],
    ['S5', 'mute -> office tcp/443', DROPPED_AT_SENDER],
    ['S2', 'office -> mute tcp/80', DROPPED],
  ])('%s: %s', async (_statement, words, expected) => {
    expect(await lab.probe(words)).toMatchObject(expected);
  });

  it.concurrent.each([
    ['S57', 'member -> v tcp/22', CONNECTED],
    ['S57', 'stranger -> v tcp/22', DROPPED],
    ['S106', 'office -> public tcp/80', CONNECTED],
    ['S106', 'public -> office tcp/443', CONNECTED],
    ['S106', 'public -> office udp/123', CONNECTED],
    ['S106', 'public -> office icmpv6', CONNECTED],
    ['S106', 'office -> public icmpv6', CONNECTED],
    ['S107', 'in-x -> office tcp/443', CONNECTED],
    ['S106', 'office -> one tcp/80', DROPPED],
    ['S44', '2001:db8:1:1::a1 -> in-x icmpv6', CONNECTED],
    ['S44', '2001:db8:1:1::a1 -> in-x 50', CONNECTED],
    ['S44', '2001:db8:1:1::a2 -> in-x icmpv6', CONNECTED],
    ['S44', '2001:db8:1:1::a2 -> in-x 50', CONNECTED],
    ['S44', '2001:db8:1:1::a2 -> in-x udp/53', CONNECTED],
    ['S44', 'stranger -> 2001:db8:1:1::a2 icmpv6', CONNECTED],
    ['S44', 'stranger -> 2001:db8:1:1::a2 50', CONNECTED],
    ['S44', 'in-x -> 2001:db8:1:1::a2 51', REFUSED],
    ['S44', '2001:db8:1:1::a2 -> office icmpv6', CONNECTED],
    ['S44', 'office -> 2001:db8:1:1::a2 50', CONNECTED],
    ['S114', '2001:db8:1:1::a1 -> 2001:db8:1:1::a2 50', CONNECTED],
  ])('%s: %s over IPv6', async (_statement, words, expected) => {
    expect(await lab.probe(words, 'ipv6')).toMatchObject(expected);
  });
});

describe('the path of a probe', () => {
  it.each(['::a1', '::a2'].flatMap((end) => ['icmpv6', '50'].map((what) => `2001:db8:1:1${end} -> in-x ${what}`)))(
    'is that of the address it was asked from: %s',
    async (words) => {
      const { outcome, path } = await lab.probe(words, 'ipv6');
      expect({ outcome, stages: path.map(({ stage, verdict }) => `${stage} ${verdict}`) }).toEqual({
        outcome: 'connected',
        stages: ['sg-egress pass', 'sg-ingress pass', 'listener pass'],
      });
    },
  );

  it('names the interfaces, and the groups whose rules let the request pass', async () => {
    const result = await lab.probe('member -> v tcp/22');
    const eni = (name: string) => Object.values(cloud.instances).find((each) => each.name === name)?.interfaceIds[0];
    expect(result.path).toEqual([
      {
        stage: 'sg-egress',
        leg: 'request',
        verdict: 'pass',
        rule: expect.stringMatching(/^sgr-/),
        interface: eni('member'),
      },
      {
        stage: 'sg-ingress',
        leg: 'request',
        verdict: 'pass',
        rule: expect.stringMatching(/^sgr-/),
        interface: eni('v'),
      },
      { stage: 'listener', leg: 'request', verdict: 'pass', rule: null, interface: null },
    ]);
    expect(admissions(cloud, result).at(-1)).toBe('sg-ingress fromX');
    expect(result.explanation).toContain('accepted the connection');
  });

  it.each([
    ['ipv4', 'in-x -> public'],
    ['ipv4', 'default2 -> default1'],
  ] as const)('names the rules again of a flow that is tracked (S79): %s, %s', async (family, words) => {
    await lab.probe(`${words} 46`, family);
    const again = await lab.probe(`${words} 46`, family);
    expect(again.outcome).toBe('refused');
    expect(admissions(cloud, again).map((each) => each.split(' ')[0])).toEqual(['sg-egress', 'sg-ingress']);
  });

  it('shows that a flow over IPv6 is tracked (S79), though its card does not remember by which rule', async () => {
    await lab.probe('several6 -> in-x 46', 'ipv6');
    const { outcome, path } = await lab.probe('several6 -> in-x 46', 'ipv6');
    expect(outcome).toBe('refused');
    const request = path.filter(({ leg }) => leg === 'request');
    expect(request.map(({ stage, verdict, rule }) => [stage, verdict, rule])).toEqual([
      ['sg-egress', 'pass', null],
      ['sg-ingress', 'pass', null],
      ['listener', 'refuse', null],
    ]);
  });

  it('ends with the drop, at the interface that dropped', async () => {
    const { path, explanation } = await lab.probe('stranger -> v tcp/22');
    expect(path.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual(['sg-egress pass', 'sg-ingress drop']);
    expect(path.at(-1)?.rule).toBeNull();
    expect(explanation).toMatch(/no ingress rule/);
  });

  it('says of a refusal that the group let it in', async () => {
    const { path, explanation } = await lab.probe('default2 -> default1 tcp/9');
    expect(path.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual([
      'sg-egress pass',
      'sg-ingress pass',
      'listener refuse',
    ]);
    expect(explanation).toMatch(/let it in; nothing listens on tcp\/9/);
  });

  it('says of a machine that asks itself nothing about groups (S114)', async () => {
    const { path, explanation } = await lab.probe('self1 -> self1 tcp/9');
    expect(path.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual(['listener refuse']);
    expect(explanation).not.toMatch(/security groups let it in/);
  });

  it('is found fast where nothing answers', async () => {
    const started = performance.now();
    for (const words of ['stranger -> v tcp/22', 'one -> office tcp/443', 'mute -> office icmp', 'stranger -> v 47']) {
      expect((await lab.probe(words)).outcome).toBe('timed-out');
    }
    expect(performance.now() - started).toBeLessThan(1000); // against 3 s of waiting each
  });
});

describe('changes meet the next packet', () => {
  it('S36: a group that is detached takes its permissions along', async () => {
    await lab.mutate({ type: 'detach', instance: 'both', group: 'admin' });
    expect(await lab.probe('stranger -> both tcp/22')).toMatchObject(DROPPED);
    expect(await lab.probe('stranger -> both tcp/80')).toMatchObject(CONNECTED);
    await lab.mutate({ type: 'attach', instance: 'both', group: 'admin' });
  });

  it('S37: a rule of a group opens every interface that has it', async () => {
    for (const to of ['one', 'two']) expect(await lab.probe(`stranger -> ${to} tcp/22`)).toMatchObject(DROPPED);
    await lab.authorize('web', `tcp/22 from ${ANY}`);
    for (const to of ['one', 'two', 'multi'])
      expect(await lab.probe(`stranger -> ${to} tcp/22`)).toMatchObject(CONNECTED);
    await lab.revoke('web', `tcp/22 from ${ANY}`);
    for (const to of ['one', 'two']) expect(await lab.probe(`stranger -> ${to} tcp/22`)).toMatchObject(DROPPED);
  });

  it('S42, S43: who joins the referenced group is let in, who leaves it is not', async () => {
    await lab.mutate({ type: 'attach', instance: 'stranger', group: 'x' });
    expect(await lab.probe('stranger -> v tcp/22')).toMatchObject(CONNECTED);
    await lab.mutate({ type: 'detach', instance: 'stranger', group: 'x' });
    expect(await lab.probe('stranger -> v tcp/22')).toMatchObject(DROPPED);
  });

  it.each(['tcp/22', 'udp/53', 'tcp/9', 'icmp'])('no memory of an earlier %s lets a later one in', async (what) => {
    const rule = what === 'icmp' ? `icmp/8/-1 from ${ANY}` : `${what} from ${ANY}`;
    const allowed = what === 'tcp/9' ? REFUSED : CONNECTED;
    for (let round = 0; round < 10; round++) {
      await lab.authorize('empty', rule);
      expect(await lab.probe(`self2 -> self1 ${what}`)).toMatchObject(allowed);
      await lab.revoke('empty', rule);
      for (let again = 0; again < 3; again++) expect(await lab.probe(`self2 -> self1 ${what}`)).toMatchObject(DROPPED);
    }
  });
});
