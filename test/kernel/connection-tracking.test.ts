/** What cards remember, as `sglab conntrack` tells it; and that moved time and real time agree. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connections } from '../../src/observe/connections.js';
import { connect } from './support/real-connection.js';
import { RunningLab } from './support/running-lab.js';

const DEFINITION = {
  name: 'memory',
  vpcs: { v: { cidr: '10.0.0.0/16', subnets: { s: { cidr: '10.0.1.0/24' } } } },
  securityGroups: {
    client: { egress: { protocol: 'all', to: '0.0.0.0/0' } },
    server: {
      ingress: [
        { protocol: 'tcp', ports: 22, from: '10.0.1.0/24', description: 'SSH' },
        { protocol: 'tcp', ports: 80, from: '0.0.0.0/0', description: 'HTTP' },
        { protocol: 'udp', ports: 53, from: '10.0.1.0/24', description: 'DNS' },
        { protocol: '47', from: '10.0.1.0/24', description: 'GRE' },
        { protocol: 'icmp', from: '0.0.0.0/0', description: 'Ping' },
      ],
    },
  },
  instances: {
    c: { subnet: 's', securityGroups: 'client', privateIp: '10.0.1.10' },
    v: {
      subnet: 's',
      securityGroups: 'server',
      privateIp: '10.0.1.20',
      listen: ['tcp/22', 'tcp/80', 'udp/53', 47],
    },
    full: { subnet: 's', securityGroups: 'server', privateIp: '10.0.1.30', listen: ['tcp/22'], connectionAllowance: 1 },
  },
};

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up(DEFINITION);
});
afterAll(() => lab?.stop());

const conntrack = (instance: string) => lab.host.json<Connections>(['conntrack', instance]);

async function ruleIds(group: string): Promise<ReadonlyMap<string, string>> {
  const rules = Object.values((await lab.cloud()).securityGroups).find(({ name }) => name === group)?.rules ?? [];
  return new Map(rules.map(({ description, id, direction }) => [description ?? direction, id]));
}

describe('sglab conntrack', () => {
  it('names the rule of each flow, and says whether it is tracked and why', async () => {
    for (const what of ['tcp/22', 'tcp/80', 'udp/53', 'icmp', '47']) await lab.probe(`c -> v ${what}`);
    const ids = await ruleIds('server');
    const { connections } = await conntrack('v');
    const of = (protocol: number, port: number | null = null) =>
      connections.find((each) => each.protocolNumber === protocol && each.original.destinationPort === port);
    expect(of(6, 22)).toMatchObject({ tracked: true, rule: ids.get('SSH'), anyPeerRules: null });
    expect(of(6, 80)).toMatchObject({
      tracked: false,
      rule: ids.get('HTTP'),
      anyPeerRules: { forward: ids.get('HTTP'), reverse: ids.get('egress') },
    });
    expect(of(17, 53)).toMatchObject({ tracked: true, rule: ids.get('DNS'), state: null });
    expect(of(1)).toMatchObject({ tracked: true, rule: ids.get('Ping'), why: 'ICMP always is' });
    expect(of(47)).toMatchObject({ tracked: true, rule: ids.get('GRE'), state: 'PAIR' });
    expect(of(47)?.secondsLeft).toBeGreaterThan(550);
  });

  it('shows every interface without a name, for people too', async () => {
    const { interfaces } = await lab.host.json<{ interfaces: Connections[] }>(['conntrack']);
    expect(interfaces.map((each) => each.interface)).toEqual(['c.eth0', 'v.eth0', 'full.eth0']);
    const { stdout } = await lab.host.sglab(['conntrack', 'v']);
    expect(stdout).toMatch(/tcp .* untracked .*sgr-.*HTTP.*: any-peer rules admit it in both directions/);
  });

  it('counts packets over the allowance, and what is left of it', async () => {
    expect(await conntrack('full')).toMatchObject({
      conntrack_allowance_exceeded: 0,
      conntrack_allowance_available: 1,
    });
    const session = await connect(lab.host, 'sglab-memory-c', '10.0.1.30', 22);
    const refused = await lab.probe('c -> full tcp/22');
    expect(refused).toMatchObject({ outcome: 'timed-out', stage: 'sg-ingress' });
    expect(refused.explanation).toContain('as many connections as its allowance permits');
    const { conntrack_allowance_exceeded: exceeded, ...rest } = await conntrack('full');
    expect(exceeded).toBeGreaterThan(0);
    expect(rest).toMatchObject({ conntrack_allowance_available: 0 });
    session.close();
  });
});

describe('an idle flow', () => {
  // The one test that waits: what `advance` says of 35 seconds is what 35 seconds do.
  it('is forgotten after 35 real seconds as after 35 moved ones', { timeout: 90_000 }, async () => {
    const left = async () => (await conntrack('v')).connections.filter(({ protocol }) => protocol === 'udp').length;
    const pairLeft = async () =>
      (await conntrack('v')).connections.find(({ state }) => state === 'PAIR')?.secondsLeft ?? 0;
    await lab.host.sglab(['advance', '60s']);
    await lab.probe('c -> v udp/53');
    await lab.probe('c -> v 47');
    const [udp, pair] = [await left(), await pairLeft()];
    await lab.host.sglab(['advance', '15s']); // of 30: a busy machine adds some seconds of its own
    const moved = [await left(), pair - (await pairLeft())];
    await lab.host.sglab(['advance', '20s']);
    expect([udp, ...moved, await left()]).toEqual([1, 1, expect.toSatisfy((aged) => aged >= 15 && aged < 30), 0]);
    await lab.probe('c -> v udp/53');
    await lab.probe('c -> v 47');
    const before = [await left(), await pairLeft()];
    await new Promise((resolve) => setTimeout(resolve, 35_000));
    expect(before).toEqual([1, expect.any(Number)]);
    expect(await left()).toBe(0);
    expect((before[1] ?? 0) - (await pairLeft())).toBeCloseTo(35, -1);
  });
});
