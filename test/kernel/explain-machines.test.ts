/** `sglab explain` where machines on the way have a say: balancers, endpoints, gateways, and what their owners run inside. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explanationDocument } from '../../src/cli/report/explain-document.js';
import { parseProbe } from '../../src/cloud/text/probe.js';
import { call } from '../../src/controller/client.js';
import { RunningLab } from './support/running-lab.js';

type Document = ReturnType<typeof explanationDocument>;

const ANYONE = { protocol: 'tcp', from: '0.0.0.0/0' };
const LAB = {
  name: 'through',
  vpcs: {
    v: {
      cidr: '10.0.0.0/16',
      internetGateway: true,
      subnets: {
        front: { cidr: '10.0.1.0/24', public: true },
        back: { cidr: '10.0.2.0/24', routeTable: 'out' },
        behind: { cidr: '10.0.3.0/24', routeTable: 'by-nat' },
        inspected: { cidr: '10.0.4.0/24', routeTable: 'by-fw' },
      },
    },
  },
  natGateways: { gw: { subnet: 'front' } },
  routeTables: {
    out: { routes: { to: '0.0.0.0/0', via: 'gw' } },
    'by-nat': { routes: { to: '0.0.0.0/0', via: 'nat' } },
    'by-fw': { routes: { to: '10.0.2.0/24', via: 'fw' } },
  },
  securityGroups: {
    alb: { ingress: { ...ANYONE, ports: 80 } },
    nlb: { ingress: { ...ANYONE, ports: 443 } },
    node: {
      ingress: [
        { protocol: 'tcp', ports: 30080, from: '10.0.1.0/24' },
        { protocol: 'tcp', ports: 8080, from: 'alb' },
        { protocol: 'tcp', ports: 5432, from: 'client' },
      ],
    },
    eice: { egress: { protocol: 'tcp', ports: 22, to: '10.0.2.0/24' } },
    nat: { ingress: [] },
    client: { ingress: { protocol: 'all', from: 'client' } },
    open: { ingress: { protocol: 'all', from: '10.0.0.0/16' } },
  },
  loadBalancers: {
    keep: {
      type: 'network',
      subnet: 'front',
      publicIp: true,
      listeners: [{ port: 443, targets: ['node', 'other'], targetPort: 30080 }],
    },
    guarded: {
      type: 'network',
      subnet: 'front',
      securityGroups: 'nlb',
      publicIp: true,
      listeners: [{ port: 443, targets: 'node', targetPort: 30080 }],
    },
    hide: {
      type: 'network',
      subnet: 'front',
      publicIp: true,
      preserveClientIp: false,
      listeners: [{ port: 443, targets: 'node', targetPort: 30080 }],
    },
    site: {
      type: 'application',
      subnet: 'front',
      securityGroups: 'alb',
      publicIp: true,
      listeners: [{ port: 80, targets: 'node', targetPort: 8080 }],
    },
  },
  connectEndpoints: { door: { subnet: 'back', securityGroups: 'eice', client: 'office', preserveClientIp: true } },
  endpoints: {
    buckets: { type: 'gateway', prefixList: 's3', routeTables: 'out' },
    kms: { type: 'interface', subnet: 'back', securityGroups: 'open', listen: 'tcp/443' },
  },
  instances: {
    node: { subnet: 'back', securityGroups: 'node', listen: ['tcp/30080', 'tcp/8080', 'tcp/22', 'tcp/5432'] },
    other: { subnet: 'back', securityGroups: 'open', listen: 'tcp/30080' },
    nat: { subnet: 'front', securityGroups: 'nat', publicIp: true, sourceDestCheck: false },
    fw: { subnet: 'front', securityGroups: 'open', sourceDestCheck: false },
    app: { subnet: 'behind', securityGroups: 'client' },
    inspected: { subnet: 'inspected', securityGroups: 'client' },
    'w-1': { subnet: 'front', securityGroups: 'client', publicIp: true },
    'w-2': { subnet: 'front', securityGroups: 'client', publicIp: true, privateIp: '10.0.1.200', listen: 'tcp/7000' },
    box: {
      interfaces: [
        { subnet: 'front', securityGroups: 'open', privateIp: '10.0.1.10' },
        { subnet: 'front', securityGroups: 'open', privateIp: '10.0.1.11' },
      ],
      listen: 'tcp/80',
    },
  },
  internet: {
    office: { addresses: '203.0.113.7', listen: 'tcp/443' },
    s3: { addresses: '52.216.10.10', listen: 'tcp/443' },
  },
};

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up(LAB);
});
afterAll(() => lab?.stop());

/** @param words for example `office -> keep tcp/443` */
async function explain(words: string): Promise<Document> {
  return explanationDocument(await call(lab.name, 'explain', { probe: parseProbe(words) }), null);
}

async function inside(machine: string, command: string): Promise<void> {
  expect(await lab.host.sglab(['exec', machine, '--', 'sh', '-c', command])).toMatchObject({ code: 0 });
}

const commandsOf = ({ toPass }: Document) => (toPass?.changes ?? []).map(({ command }) => command);
const mismatchesOf = ({ stages }: Document) =>
  stages.filter(({ model }) => model === 'drop').flatMap(({ rules }) => rules.flatMap(({ mismatches }) => mismatches));

describe('what AWS runs is understood: the model says what the kernel does', () => {
  it.each([
    ['office -> guarded tcp/443', 'timed-out', ['sudo sglab authorize node tcp/30080 from nlb']],
    ['office -> hide tcp/443', 'connected', []],
    ['office -> site tcp/80', 'connected', []],
    ['door -> node tcp/22', 'timed-out', ['sudo sglab authorize node tcp/22 from eice']],
    ['node -> s3 tcp/443', 'connected', []],
    ['node -> office tcp/443', 'connected', []],
    ['node -> kms tcp/443', 'connected', []],
    ['office -> gw tcp/443', 'timed-out', []],
    ['hide -> node tcp/30080', 'connected', []],
  ])('%s: %s', async (words, outcome, commands) => {
    const document = await explain(words);
    expect(document).toMatchObject({ agreement: { verdict: 'agree' }, kernel: { outcome }, model: { outcome } });
    expect(commandsOf(document)).toEqual(commands);
  });

  it('a balancer that keeps the client’s address: the target’s group is asked about the client', async () => {
    const document = await explain('office -> keep tcp/443');
    expect(document).toMatchObject({ agreement: { verdict: 'agree' }, kernel: { stage: 'sg-ingress' } });
    expect(document.kernel.explanation).toMatch(
      /allows tcp\/30080 from 203\.0\.113\.7: keep keeps the client's address/,
    );
    expect(document.stages.at(-1)).toMatchObject({ packet: expect.stringMatching(/^203\.0\.113\.7 -> 10\.0\.2\./) });
    expect(commandsOf(document).sort()).toEqual([
      'sudo sglab authorize node tcp/30080 from 203.0.113.7/32',
      'sudo sglab authorize open tcp/30080 from 203.0.113.7/32',
    ]);
  });
});

describe('a rule line says why a reference does not match a member', () => {
  it('whose packet another machine forwarded', async () => {
    expect(mismatchesOf(await explain('inspected -> node tcp/5432'))).toContain(
      'source 10.0.4.4 belongs to a member of client, but fw.eth0 forwarded the packet: references match what members send themselves',
    );
  });

  it('that calls from its public address, and that the private one needs no rule', async () => {
    const document = await explain('w-1 -> w-2.public tcp/7000');
    expect(mismatchesOf(document)).toEqual([
      expect.stringMatching(/belongs to a member of client, but as its public address: references match private ones$/),
    ]);
    expect(document.instead).toMatchObject({ address: '10.0.1.200', interface: 'w-2.eth0' });
    const { stdout } = await lab.host.sglab(['explain', 'w-1', 'w-2.public', 'tcp/7000']);
    expect(stdout).toMatch(/Without any change.*Call 10\.0\.1\.200.*To make it pass.*authorize client tcp\/7000/s);
  });
});

describe('what an owner does inside a machine is no disagreement', () => {
  it('a NAT instance: what it will do is said to be up to it, and is understood once it was seen', async () => {
    const table = 'add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; }';
    await inside('nat', `nft '${table}; add rule ip nat post ip saddr 10.0.3.0/24 masquerade'`);
    const closed = await explain('app -> office tcp/443');
    expect(closed).toMatchObject({ agreement: { verdict: 'agree' }, toPass: { obstacle: null } });
    expect(closed.toPass?.provided).toMatch(/^nat\.eth0 sends on with its own address what it forwards/);
    expect(commandsOf(closed)).toEqual(['sudo sglab authorize nat tcp/443 from 10.0.3.4/32']);
    await lab.authorize('nat', 'all from 10.0.3.0/24');
    expect(await explain('app -> office tcp/443')).toMatchObject({
      agreement: { verdict: 'agree', note: expect.stringContaining('nat.eth0 sends on with its own address') },
      kernel: { outcome: 'connected' },
      model: { outcome: 'connected' },
    });
  });

  it('routes: the answer leaves by another interface, which is named, and nothing is said about stopping it', async () => {
    const drop = "ip rule show | awk '/from 10.0.1.11/ {print $1}' | tr -d : | xargs -r -n1 ip rule del pref";
    await inside('box', drop);
    const document = await explain('node -> box.eth1 tcp/80');
    const stopped = { outcome: 'timed-out', stage: 'source-dest-check', leg: 'reply' };
    expect(document).toMatchObject({ agreement: { verdict: 'agree' }, kernel: stopped, model: stopped, toStop: [] });
    expect(document.kernel.explanation).toBe(
      'the reply was dropped: it left by box.eth0, but its source 10.0.1.11 is an address of box.eth1',
    );
  });

  it('a firewall', async () => {
    const chain = 'add chain inet own in { type filter hook input priority 0; policy drop; }';
    await inside('other', `nft 'add table inet own; ${chain}'`);
    const document = await explain('app -> other tcp/30080');
    await inside('other', 'nft delete table inet own');
    expect(document).toMatchObject({
      agreement: { verdict: 'agree', note: expect.stringContaining('inside decides that') },
      kernel: { outcome: 'timed-out', stage: 'listener' },
      toPass: { changes: [], tried: 0 },
    });
  });
});

describe('path MTU', () => {
  const PING = ['exec', 'w-1', '--', 'ping', '-c1', '-W1', '-s', '8900', '-M', 'do', '203.0.113.7'];

  it('a group that swallows "fragmentation needed" is named, and so is the rule that would admit it', async () => {
    expect(await lab.host.sglab(PING)).toMatchObject({ code: 1, stdout: expect.not.stringContaining('mtu') });
    const { stdout } = await lab.host.sglab(['flowlogs', 'w-1', '--reject', '--explain']);
    expect(stdout).toMatch(/icmp\/3\/4 .*fragmentation needed, MTU 1500, about icmp 10\.0\.1\.\d+ > 203\.0\.113\.7/);
    const [error, ...others] = (await explain('w-1 -> office tcp/443')).swallowed;
    expect(others).toEqual([]);
    expect(error).toMatchObject({ leg: 'request', mtu: 1500, stage: 'sg-ingress', where: 'w-1.eth0' });
    expect(error?.change).toMatchObject({ command: 'sudo sglab authorize client icmp/3/4 from 0.0.0.0/0' });
    await lab.authorize('client', 'icmp/3/4 from 0.0.0.0/0');
    expect((await lab.host.sglab(PING)).stdout).toMatch(/mtu ?= ?1500/);
    expect((await explain('w-1 -> office tcp/443')).swallowed).toEqual([]);
  });

  it('of a target behind a balancer, too: the error about its answers is for it', async () => {
    const { swallowed } = await explain('office -> hide tcp/443');
    expect(swallowed).toMatchObject([{ leg: 'reply', where: 'node.eth0' }]);
  });
});
