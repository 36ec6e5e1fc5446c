/** Flow logs: records of real packets, each at the interfaces that saw it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../src/controller/client.js';
import { RunningLab } from './support/running-lab.js';

const open = { protocol: 'all', from: '0.0.0.0/0' };
const LAB = {
  name: 'logged',
  vpcs: {
    v: {
      cidr: '10.0.0.0/16',
      internetGateway: true,
      subnets: {
        front: { cidr: '10.0.1.0/24', public: true },
        back: { cidr: '10.0.2.0/24', networkAcl: 'strict' },
      },
    },
  },
  networkAcls: {
    strict: {
      inbound: [
        { rule: 90, action: 'deny', protocol: 'tcp', ports: 81, from: '0.0.0.0/0' },
        { rule: 100, action: 'allow', protocol: 'all', from: '0.0.0.0/0' },
      ],
      // Nothing lets answers out to the internet's ports, but those to 10.0.1.0/24.
      outbound: [{ rule: 100, action: 'allow', protocol: 'tcp', ports: '0-65535', to: '10.0.1.0/24' }],
    },
  },
  securityGroups: {
    web: { vpc: 'v', ingress: [{ protocol: 'tcp', ports: 80, from: '198.51.100.10/32' }] },
    shut: { vpc: 'v', egress: [] },
    db: { vpc: 'v', ingress: [open], egress: [{ protocol: 'all', to: '0.0.0.0/0' }] },
  },
  instances: {
    web: { subnet: 'front', securityGroups: 'web', publicIp: true, listen: ['tcp/80'] },
    db: { subnet: 'back', securityGroups: 'db', listen: ['tcp/80', 'tcp/81', 'udp/53'] },
    idle: { subnet: 'front', securityGroups: 'web' },
    shut: { subnet: 'front', securityGroups: 'shut' },
    silent: { subnet: 'front', securityGroups: 'web' },
  },
  internet: { office: '198.51.100.10' },
};

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up(LAB);
});
afterAll(() => lab?.stop());

interface Document {
  readonly records: readonly Readonly<Record<string, string | number | boolean | null>>[];
  readonly noData: readonly { readonly interface: string }[];
}

async function read(...words: string[]): Promise<Document> {
  return lab.host.json<Document>(['flowlogs', ...words]);
}

/** `web.eth0 ACCEPT egress` of each new record, with the place of a rejection. */
async function added(act: () => Promise<unknown>): Promise<string[]> {
  const key = (each: Document['records'][number]) =>
    ['interface', 'action', 'srcaddr', 'srcport', 'dstaddr', 'dstport', 'protocol'].map((field) => each[field]).join();
  const before = new Set((await read()).records.map(key));
  await act();
  return (await read()).records
    .filter((each) => !before.has(key(each)))
    .map((each) =>
      [each.interface, each.action, each.direction, ...(each.stage === null ? [] : [each.stage])].join(' '),
    )
    .sort();
}

const probe = (words: string) => () => lab.probe(words);

describe('a flow', () => {
  it('that connects is accepted at both ends, in both directions', async () => {
    expect(await added(probe('web -> db tcp/80'))).toEqual([
      'db.eth0 ACCEPT egress',
      'db.eth0 ACCEPT ingress',
      'web.eth0 ACCEPT egress',
      'web.eth0 ACCEPT ingress',
    ]);
    const { records } = await read('db');
    const [request] = records.filter(({ action, direction }) => action === 'ACCEPT' && direction === 'ingress');
    const rule = Object.values((await lab.cloud()).securityGroups).find(({ name }) => name === 'db')?.rules[0]?.id;
    expect(request).toMatchObject({ srcaddr: '10.0.1.4', dstaddr: '10.0.2.4', dstport: 80, protocol: 6, rule });
    // SYN, ACK, what it asks and FIN at least: connection tracking counted them.
    expect(request?.packets).toBeGreaterThanOrEqual(3);
    expect(request?.bytes).toBeGreaterThanOrEqual(3 * 52);
  });

  it('of the internet has the private address of the interface', async () => {
    expect(await added(probe('office -> web tcp/80'))).toEqual(['web.eth0 ACCEPT egress', 'web.eth0 ACCEPT ingress']);
    const { records } = await read('web');
    expect(records).toContainEqual(expect.objectContaining({ srcaddr: '198.51.100.10', dstaddr: '10.0.1.4' }));
  });

  it.each([
    [
      'a group that does not let it in',
      'idle -> web tcp/80',
      ['idle.eth0 ACCEPT egress', 'web.eth0 REJECT ingress sg-ingress'],
    ],
    ['a group that does not let it out', 'shut -> db tcp/80', ['shut.eth0 REJECT egress sg-egress']],
    ['an inbound network ACL', 'web -> db tcp/81', ['db.eth0 REJECT ingress nacl-inbound', 'web.eth0 ACCEPT egress']],
    ['an outbound network ACL', 'db -> office udp/53', ['db.eth0 REJECT egress nacl-outbound']],
  ])('that is stopped by %s is rejected there, and accepted where it passed before', async (_by, words, expected) => {
    expect(await added(probe(words))).toEqual(expected);
  });

  it('that no route leads anywhere was accepted where it was sent', async () => {
    const ask = ['exec', 'idle', '--', 'curl', '-s', '-m', '0.2', 'http://10.0.9.9/'];
    expect(await added(() => lab.host.sglab(ask))).toEqual(['idle.eth0 ACCEPT egress']);
  });

  it('whose answer a network ACL stops is an ACCEPT of the request and a REJECT of the answer', async () => {
    expect(await added(probe('web -> db udp/53'))).toEqual([
      'db.eth0 ACCEPT ingress',
      'db.eth0 REJECT egress nacl-outbound',
      'web.eth0 ACCEPT egress',
    ]);
    const { records } = await read('db', '--reject');
    expect(records).toContainEqual(
      expect.objectContaining({
        srcport: 53,
        reply: true,
        rule: expect.stringMatching(/^acl-[0-9a-f]+\/\*$/),
        packets: 1,
      }),
    );
  });

  it('to a service of the VPC is not logged', async () => {
    const ask = ['exec', 'web', '--', 'curl', '-s', '-m', '2', '-o', '/dev/null', 'http://169.254.169.254/'];
    expect(await added(() => lab.host.sglab(ask))).toEqual([]);
  });

  it('of ICMP has no ports', async () => {
    expect(await added(probe('web -> db icmp'))).toContain('web.eth0 ACCEPT egress');
    const { records } = await read('web');
    expect(records).toContainEqual(expect.objectContaining({ protocol: 1, srcport: 0, dstport: 0 }));
  });
});

describe('the command', () => {
  it('prints AWS’s lines and nothing else on stdout', async () => {
    const { code, stdout, stderr } = await lab.host.sglab(['flowlogs', 'web']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^version account-id interface-id /) });
    const eni = Object.values((await lab.cloud()).networkInterfaces).find(({ privateIpAddresses }) =>
      privateIpAddresses.includes('10.0.1.4'),
    )?.id;
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) {
      expect(line).toMatch(
        new RegExp(
          `^2 123456789012 ${eni} [\\d.]+ [\\d.]+ \\d+ \\d+ \\d+ \\d+ \\d+ \\d{10} \\d{10} (ACCEPT|REJECT) OK$`,
        ),
      );
    }
    const starts = lines.map((line) => Number(line.split(' ')[10]));
    expect(starts).toEqual([...starts].sort());
  });

  it('says which interfaces saw nothing, and what it does not know', async () => {
    expect((await read()).noData).toEqual([
      { interface: 'silent.eth0', start: expect.any(Number), end: expect.any(Number) },
    ]);
    const { code, stderr } = await lab.host.sglab(['flowlogs', 'fl-12345678']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("'fl-12345678' does not exist") });
  });

  it('explains each record for people', async () => {
    const { stdout } = await lab.host.sglab(['flowlogs', 'db', '--reject', '--explain']);
    expect(stdout).toMatch(/db\.eth0 +REJECT +out +db +web +udp\/53 .*the answer: nacl-outbound acl-\w+\/\*/);
    expect(stdout).toMatch(/db\.eth0 +REJECT +in +web +db +tcp\/81 .*nacl-inbound acl-\w+\/90 \(strict: /);
  });
});

describe('nothing is lost', () => {
  it('when time is moved: what came before is in records of its own', async () => {
    await lab.probe('web -> db tcp/80');
    const before = await read();
    await call(lab.name, 'advance', { seconds: 7200 });
    const { records } = await read();
    expect(records).toHaveLength(before.records.length);
    await lab.probe('web -> db tcp/80');
    expect((await read()).records).toHaveLength(before.records.length + 4);
  });

  it('when an instance is terminated at once after its last packet', async () => {
    const expected = [
      'db.eth0 ACCEPT egress',
      'db.eth0 ACCEPT ingress',
      'going.eth0 ACCEPT egress',
      'going.eth0 ACCEPT ingress',
    ];
    const machine = { name: 'going', subnet: 'front', groups: ['web'], privateIp: null, publicIp: false, listen: [] };
    await lab.mutate({ type: 'launch', machine });
    const act = async () => {
      await lab.probe('going -> db tcp/80');
      await lab.mutate({ type: 'terminate', machine: 'going' });
    };
    expect(await added(act)).toEqual(expected);
  });
});
