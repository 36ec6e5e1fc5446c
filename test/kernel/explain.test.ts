/** `sglab explain` on real labs: the model and the kernel agree, and what it advises, pasted into a shell, turns the outcome. */
import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { explanationDocument } from '../../src/cli/report/explain-document.js';
import type { Family } from '../../src/cloud/groups/types.js';
import { parseProbe } from '../../src/cloud/text/probe.js';
import { call } from '../../src/controller/client.js';
import { RunningLab } from './support/running-lab.js';
import { MAIN } from './support/test-host.js';

type Document = ReturnType<typeof explanationDocument>;

const OUT = { protocol: 'all', to: ['0.0.0.0/0', '::/0'] };
const ANY = { protocol: 'all', from: ['0.0.0.0/0', '::/0'] };
const LAB = {
  name: 'explained',
  vpcs: {
    shop: {
      cidr: '10.0.0.0/16',
      ipv6Cidr: '2001:db8:1::/56',
      internetGateway: true,
      subnets: {
        public: { cidr: '10.0.1.0/24', ipv6Cidr: '2001:db8:1:1::/64', public: true },
        guarded: { cidr: '10.0.2.0/24', public: true, networkAcl: 'strict' },
        mute: { cidr: '10.0.3.0/24', public: true, networkAcl: 'mute' },
        isolated: { cidr: '10.0.4.0/24', routeTable: 'isolated' },
      },
    },
    data: { cidr: '10.1.0.0/16', subnets: { databases: { cidr: '10.1.1.0/24' } } },
  },
  natGateways: { nat: { subnet: 'public' } },
  peerings: { link: { between: ['shop', 'data'] } },
  routeTables: { isolated: { vpc: 'shop' } },
  networkAcls: {
    strict: {
      vpc: 'shop',
      inbound: [
        { rule: 90, action: 'deny', protocol: 'tcp', ports: 22, from: '0.0.0.0/0' },
        { rule: 100, action: 'allow', protocol: 'all', from: '0.0.0.0/0' },
      ],
      outbound: { rule: 100, action: 'allow', protocol: 'all', to: '0.0.0.0/0' },
    },
    mute: { vpc: 'shop', inbound: { rule: 100, action: 'allow', protocol: 'all', from: '0.0.0.0/0' } },
  },
  securityGroups: {
    web: {
      vpc: 'shop',
      ingress: [
        { protocol: 'tcp', ports: [443, 81], from: '198.51.100.10/32', description: 'the office' },
        { protocol: 'tcp', ports: '400-500', from: '198.51.100.0/24' },
        ...Array.from({ length: 40 }, (_, at) => ({ protocol: 'tcp', ports: 9000 + at, from: '0.0.0.0/0' })),
      ],
    },
    closed: { vpc: 'shop', ingress: [], egress: [] },
    open: { vpc: 'shop', ingress: ANY, egress: OUT },
    db: { vpc: 'data', ingress: ANY, egress: OUT },
  },
  instances: {
    web: {
      subnet: 'public',
      securityGroups: 'web',
      publicIp: true,
      listen: ['tcp/443', 'tcp/22', 'udp/53', 'proto/47'],
    },
    app: { subnet: 'public', securityGroups: 'closed' },
    guarded: { subnet: 'guarded', securityGroups: 'open', publicIp: true, listen: 'tcp/22' },
    mute: { subnet: 'mute', securityGroups: 'open', publicIp: true, listen: 'tcp/22' },
    isolated: { subnet: 'isolated', securityGroups: 'open' },
    db: { subnet: 'databases', securityGroups: 'db', listen: 'tcp/5432' },
  },
  internet: {
    office: '198.51.100.10',
    stranger: { addresses: ['203.0.113.7', '2001:db8:f::7'], listen: 'tcp/443' },
  },
};

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up(LAB);
});
afterAll(() => lab?.stop());

/** @param words for example `office -> web tcp/22` */
async function explain(words: string, family: Family | null = null): Promise<Document> {
  const document = explanationDocument(await call(lab.name, 'explain', { probe: parseProbe(words, family) }), null);
  expect({ words, agreement: document.agreement.verdict }).toEqual({ words, agreement: 'agree' });
  return document;
}

async function outcome(words: string, family: Family | null = null): Promise<string> {
  return (await lab.probe(words, family)).outcome;
}

/** As a person would do it who is root already. */
async function paste(command: string): Promise<void> {
  const shell = `sudo() { "$@"; }; sglab() { '${process.execPath}' '${MAIN}' "$@"; }; ${command}`;
  await lab.host.run('bash', ['-c', shell]);
}

const stops = ({ stages }: Document) =>
  stages.filter(({ model, kernel }) => [model, kernel].some((verdict) => verdict !== null && verdict !== 'pass'));

describe('what stops says where and why, and passes once the advice is pasted', () => {
  it.each([
    ['stranger -> web tcp/22', 'timed-out', 'sg-ingress', 'request', 1],
    ['stranger -> web udp/53', 'timed-out', 'sg-ingress', 'request', 1],
    ['stranger -> web icmp', 'timed-out', 'sg-ingress', 'request', 1],
    ['stranger -> web 47', 'timed-out', 'sg-ingress', 'request', 1],
    ['stranger -> web tcp/443', 'timed-out', 'sg-ingress', 'request', 1, 'ipv6'],
    ['app -> web tcp/443', 'timed-out', 'sg-egress', 'request', 2],
    ['office -> guarded tcp/22', 'timed-out', 'nacl-inbound', 'request', 1],
    ['office -> mute tcp/22', 'timed-out', 'nacl-outbound', 'reply', 1],
    ['isolated -> stranger tcp/443', 'timed-out', 'route', 'request', 1],
    ['isolated -> db tcp/5432', 'timed-out', 'route', 'request', 2],
    ['office -> web tcp/81', 'refused', 'listener', 'request', 1],
  ] as const)('%s: %s at %s of the %s', async (words, expected, stage, leg, changes, family: Family | null = null) => {
    const document = await explain(words, family);
    expect(document.kernel).toMatchObject({ outcome: expected, stage, leg });
    expect(document.model).toEqual({ outcome: expected, stage, leg });
    expect(stops(document)).toMatchObject([{ stage, leg }]);
    expect(document.toPass).toMatchObject({ verified: true, obstacle: null });
    const commands = (document.toPass?.changes ?? []).map(({ command }) => command);
    expect(commands).toHaveLength(changes);
    for (const command of commands) await paste(command);
    expect({ commands, outcome: await outcome(words, family) }).toEqual({ commands, outcome: 'connected' });
  });
});

describe('what passes', () => {
  it('is explained as one document on stdout', async () => {
    const { code, stdout, stderr } = await lab.host.sglab(['explain', 'office', 'web', 'tcp/443', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ lab: 'explained', probe: 'office -> web tcp/443', toPass: null });
  });

  it('has evidence of the kernel at each card: the rule, its counter, the packet, the entry of connection tracking', async () => {
    const { stages, source, destination } = await explain('office -> web tcp/443');
    expect({ source, destination }).toMatchObject({
      source: '198.51.100.10',
      destination: expect.stringMatching(/^198\.18\./),
    });
    expect(stages.map(({ leg, stage }) => `${leg} ${stage}`)).toEqual([
      'request nacl-inbound',
      'request source-dest-check',
      'request sg-ingress',
      'request listener',
      'reply sg-egress',
      'reply source-dest-check',
      'reply nacl-outbound',
      'reply route',
    ]);
    const card = stages.find(({ leg, stage }) => leg === 'request' && stage === 'sg-ingress');
    const decided = card?.rules.find(({ decidedInKernel }) => decidedInKernel);
    expect(card).toMatchObject({ model: 'pass', kernel: 'pass', where: 'web.eth0' });
    expect(card?.rules.filter(({ matches }) => matches).map(({ rule }) => rule)).toEqual([
      'tcp/443 from 198.51.100.10/32',
      'tcp/400-500 from 198.51.100.0/24',
    ]);
    expect(decided?.matches).toBe(true);
    expect(decided?.packets?.after).toBe((decided?.packets?.before ?? 0) + 1);
    expect(card?.seen).toMatchObject([
      {
        verdict: 'pass',
        place: 'web.eth0 card',
        rule: decided?.id,
        protocol: 'tcp',
        flags: 'SYN',
        destination: '10.0.1.4:443',
      },
    ]);
    expect(card?.connection).toMatchObject({ rule: decided?.id, tracked: true, original: { destinationPort: 443 } });
  });

  it('stops when every rule that matches has been removed, and not before', async () => {
    const { toStop } = await explain('office -> web tcp/443');
    const [remedy] = toStop;
    const commands = (remedy?.changes ?? []).map(({ command }) => command);
    expect(commands).toEqual([
      'sudo sglab revoke web tcp/443 from 198.51.100.10/32',
      'sudo sglab revoke web tcp/400-500 from 198.51.100.0/24',
    ]);
    const [first = '', last = ''] = commands;
    await paste(first);
    expect(await outcome('office -> web tcp/443')).toBe('connected');
    await paste(last);
    expect(await outcome('office -> web tcp/443')).toBe('timed-out');
  });
});

it('shows the nearest of many rules on its page', async () => {
  const { code, stdout } = await lab.host.sglab(['explain', 'stranger', 'web', 'tcp/8999']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/✗ +✗ +sg-ingress +web\.eth0 +no ingress rule/);
  expect(stdout).toContain('✗  web  tcp/9000 from 0.0.0.0/0  destination port 8999 is not 9000');
  expect(stdout).toMatch(/and \d\d more, further from matching/);
  expect(stdout).toContain('  sudo sglab authorize web tcp/8999 from 203.0.113.7/32\n');
});

it('has no advice where no rule helps, and says why', async () => {
  const { toPass } = await explain('stranger -> app tcp/443');
  expect(toPass).toMatchObject({
    changes: [],
    verified: false,
    obstacle: expect.stringMatching(/app\.eth0, which is private: it has no public address/),
  });
});

it('names the lab in its commands when it was named', async () => {
  const { stdout } = await lab.host.sglab(['explain', 'stranger', 'web', 'tcp/1', '--lab', 'explained']);
  expect(stdout).toContain('sudo sglab authorize web tcp/1 from 203.0.113.7/32 --lab explained\n');
});

it('is told of servers that a user started', async () => {
  const server = lab.host.startSglab(['exec', 'guarded', '--', 'python3', '-m', 'http.server', '8000']);
  try {
    await expect.poll(() => outcome('office -> guarded tcp/8000'), { timeout: 20_000 }).toBe('connected');
    const { agreement, model } = await explain('office -> guarded tcp/8000');
    expect(agreement).toMatchObject({ verdict: 'agree', note: expect.stringContaining('a program of its own') });
    expect(model).toMatchObject({ outcome: 'connected' });
  } finally {
    server.process.kill('SIGTERM');
    await server.result;
  }
});

it('says whose "packet too big" a group swallows, and the rule that it offers lets it in', async () => {
  const { swallowed } = await explain('web -> stranger tcp/443', 'ipv6');
  const commands = swallowed.map(({ change }) => change?.command ?? '');
  expect(commands).toEqual(['sudo sglab authorize web icmpv6/2/0 from ::/0']);
  const ping = ['exec', 'web', '--', 'ping', '-6', '-c1', '-W1', '-s', '8900', '-M', 'do', '2001:db8:f::7'];
  expect((await lab.host.sglab(ping)).stdout).not.toMatch(/too big/);
  for (const command of commands) await paste(command);
  expect((await lab.host.sglab(ping)).stdout).toMatch(/Packet too big: mtu=1500/);
});

describe('exit codes', () => {
  it.each([
    [['nobody', 'web', 'tcp/22'], /there is no machine nobody/],
    [['office', 'web', 'tcp/70000'], /ports are 0 to 65535/],
    [['office', 'web', 'tcp'], /TCP and UDP need ports/],
  ])('2 for %j', async (args, message) => {
    expect(await lab.host.sglab(['explain', ...args])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
  });

  it('4 where the kernel cannot tell', async () => {
    const card = '--net=/run/netns/sglab-explained-app.eth0';
    await lab.host.run('nsenter', [card, 'ip', 'link', 'set', 'guest', 'down']);
    const { code, stdout } = await lab.host.sglab(['explain', 'app', 'web', 'tcp/443']);
    await lab.host.run('nsenter', [card, 'ip', 'link', 'set', 'guest', 'up']);
    expect({ code, stdout }).toEqual({ code: 4, stdout: expect.stringContaining('? cannot be compared') });
  });
});

describe('sglab change', () => {
  it.each([
    ['routes: { table: nowhere, remove: 10.0.0.0/8 }', /there is no route table "nowhere"/],
    ['rutes: { table: isolated }', /did you mean "routes"/],
    ['probe: a -> b tcp/1', /is not a change of a lab|"expect" is missing/],
    ['', /is not a change of a lab/],
    ['{', /STEP:1/],
  ])('refuses %j', async (step, message) => {
    expect(await lab.host.sglab(['change', step])).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
  });
});

describe('docs/explain.md', () => {
  it('shows what the commands print', async () => {
    const other = await RunningLab.up(
      parse(fs.readFileSync('scenarios/securecart-network-acl.yaml', 'utf8')) as { name: string },
    );
    try {
      const shown = [...fs.readFileSync('docs/explain.md', 'utf8').matchAll(/```\n\$ sudo sglab (.*)\n([^`]*)```/g)];
      expect(shown).toHaveLength(2);
      for (const [, command = '', page = ''] of shown) {
        const { stdout } = await other.host.sglab(command.split(' '));
        expect(masked(stdout)).toBe(masked(page));
      }
    } finally {
      await other.stop();
    }
  });
});

/** Without times and the ports that clients take. */
function masked(page: string): string {
  return page
    .replaceAll(/\d+(\.\d+)? ms/g, '… ms')
    .replaceAll(/\d+ s left/g, '… s left')
    .replaceAll(/:\d+ >/g, ':… >')
    .replaceAll(/destination port \d{5}/g, 'destination port …');
}
