/** Findings and what real packets say about them: in a lab that the audit builds, and in one that is up. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostState, readHostState } from './support/host-state.js';
import { type Result, TestHost } from './support/test-host.js';

const CARELESS = path.resolve('test/fixtures/careless.yaml');
const SHIPPED = fs
  .readdirSync('scenarios')
  .filter((file) => file.endsWith('.yaml'))
  .filter((file) => isHaproxyHere() || !fs.readFileSync(path.join('scenarios', file), 'utf8').includes('haproxy'))
  .map((file) => path.resolve('scenarios', file));

function isHaproxyHere(): boolean {
  return (process.env.PATH ?? '').split(':').some((place) => fs.existsSync(path.join(place, 'haproxy')));
}

interface Document {
  readonly failing: number;
  readonly proved: number;
  readonly findings: readonly {
    readonly id: string;
    readonly group: { readonly name: string };
    readonly rule: { readonly id: string; readonly words: string } | null;
    readonly file: string | null;
    readonly line: number | null;
    readonly status: 'proved' | 'refuted' | 'not tried';
    readonly reason: string;
    readonly sent: number;
    readonly probe: {
      readonly from: string;
      readonly outcome: string;
      readonly stage: string | null;
      readonly path: readonly { readonly rule: string | null; readonly verdict: string }[];
    } | null;
  }[];
}

let host: TestHost;
let before: HostState;

beforeAll(async () => {
  host = await TestHost.start();
  before = await readHostState(host);
});

afterAll(async () => {
  try {
    expect(await readHostState(host)).toEqual(before);
  } finally {
    await host.stop();
  }
});

const documentOf = ({ stdout, stderr }: Result): Document => {
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Document;
};

/** `SGA002 web: tcp/22 from 0.0.0.0/0` -> `proved` */
const statuses = ({ findings }: Document) =>
  Object.fromEntries(
    findings.map(({ id, group, rule, status }) => [
      `${id} ${group.name}${rule === null ? '' : `: ${rule.words}`}`,
      status,
    ]),
  );

describe('what an import made up', () => {
  const audit = async (name: string, content: object) => {
    const file = path.join(host.directory, name);
    fs.writeFileSync(file, JSON.stringify(content));
    const result = await host.sglab(['audit', file, '--json']);
    return { code: result.code, ssh: documentOf(result).findings.find(({ id }) => id === 'SGA002') };
  };

  it('refutes nothing: security groups alone', async () => {
    const open = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    const group = { GroupId: 'sg-0000000000000000a', GroupName: 'web', VpcId: 'vpc-0000000000000000a' };
    const { code, ssh } = await audit('groups.json', { SecurityGroups: [{ ...group, IpPermissions: [open] }] });
    expect({ code, ssh }).toMatchObject({ code: 1, ssh: { status: 'not tried', sent: 0 } });
    expect(ssh?.reason).toMatch(/^the network is assumed/);
  });

  it("is proved through where it is AWS's default VPC, which is public", async () => {
    const open = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
    const { code, ssh } = await audit('default-vpc.json', {
      Resources: {
        Web: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'x', SecurityGroupIngress: [open] } },
        Machine: { Type: 'AWS::EC2::Instance', Properties: { SecurityGroups: [{ Ref: 'Web' }] } },
      },
    });
    expect({ code, ssh }).toMatchObject({ code: 1, ssh: { status: 'proved', probe: { outcome: 'connected' } } });
  });
});

describe('a careless file', () => {
  let result: Result;
  let document: Document;
  const sarif = () => path.join(host.directory, 'audit.sarif');

  beforeAll(async () => {
    result = await host.sglab(['audit', CARELESS, '--json', '--sarif', sarif()]);
    document = documentOf(result);
  });

  const of = (id: string, group: string) =>
    document.findings.find((each) => each.id === id && each.group.name === group);

  it('is found out, each finding proved, refuted or not tried', () => {
    expect(result).toMatchObject({ code: 1, stderr: '' });
    expect(statuses(document)).toMatchObject({
      'SGA001 legacy: all traffic from everybody': 'proved',
      'SGA002 web: tcp/22 from 0.0.0.0/0': 'proved',
      'SGA002 web: tcp/22 from ::/0': 'proved',
      'SGA002 legacy: all traffic from everybody': 'proved',
      'SGA003 legacy: all traffic from everybody': 'proved',
      'SGA004 legacy: all traffic from everybody': 'proved',
      'SGA004 db: tcp/3306 from 0.0.0.0/0': 'refuted',
      'SGA005 legacy: all traffic from everybody': 'proved',
      'SGA006 db: tcp/3300-3400 from 10.0.1.0/24': 'proved',
      'SGA007 backend: tcp/1024-65535 from 10.0.2.0/24': 'proved',
      'SGA008 web: icmp/-1/-1 from 0.0.0.0/0': 'proved',
      'SGA009 retired': 'not tried',
      'SGA010 web: tcp/443 from 198.51.100.0/24': 'proved',
      'SGA011 db: tcp/5432 from 192.168.7.0/24': 'proved',
      'SGA012 db: tcp/5432 from retired': 'proved',
      'SGA013 db: tcp/3306 from nobody': 'not tried',
      'SGA014 db: tcp/5432 from far-away': 'proved',
      'SGA015 db: all traffic to 0.0.0.0/0': 'refuted',
      'SGA015 db: all traffic to ::/0': 'not tried',
      'SGA016 default': 'proved',
      'SGA018 backend: tcp/9000 from 10.0.1.0/24': 'proved',
    });
  });

  it('has a packet behind every verdict, and none without', () => {
    for (const { status, sent, probe } of document.findings) {
      expect({ status, sent: sent > 0, probe: probe !== null && probe.outcome !== 'unknown' }).toEqual(
        status === 'not tried' ? { status, sent: false, probe: false } : { status, sent: true, probe: true },
      );
    }
  });

  it('is open by the rule that the kernel names, and closed where the packet stopped', () => {
    const ssh = of('SGA002', 'web');
    expect(ssh?.probe).toMatchObject({ from: 'office', outcome: 'connected' });
    expect(ssh?.probe?.path.map(({ rule }) => rule)).toContain(ssh?.rule?.id);
    expect(of('SGA004', 'db')).toMatchObject({
      probe: { outcome: 'timed-out', stage: 'route' },
      reason: expect.stringContaining('open in the group, but office -> db-1 tcp/3306 stopped at route'),
    });
    // Nobody in the file has an IPv6 address outside: the audit's own copy got one more machine.
    expect(document.findings.find(({ rule }) => rule?.words === 'tcp/22 from ::/0')?.probe?.from).toBe('outsider');
  });

  it('is written as SARIF, with the lines of the file', () => {
    const { version, runs } = JSON.parse(fs.readFileSync(sarif(), 'utf8'));
    expect(version).toBe('2.1.0');
    expect(runs[0].results).toHaveLength(document.findings.length);
    const levels = runs[0].results.map(({ ruleId, level }: { ruleId: string; level: string }) => `${ruleId} ${level}`);
    expect(levels).toContain('SGA004 note');
    expect(levels).toContain('SGA001 error');
    for (const { locations } of runs[0].results) {
      expect(locations[0].physicalLocation.region.startLine).toBeGreaterThan(0);
    }
  });
});

it('a running lab is audited as it is now, and nothing is added to it', async () => {
  const definition = {
    name: 'audited',
    vpcs: {
      v: { cidr: '10.0.0.0/16', internetGateway: true, subnets: { s: { cidr: '10.0.1.0/24', public: true } } },
    },
    securityGroups: { web: { ingress: { protocol: 'tcp', ports: 80, from: '0.0.0.0/0' } } },
    instances: { web: { subnet: 's', securityGroups: 'web', publicIp: true, listen: 'tcp/22' } },
  };
  const file = host.write('audited.yaml', definition);
  expect(await host.sglab(['up', file])).toMatchObject({ code: 0 });
  const namespaces = host.namespaces();
  const audit = () => host.sglab(['audit', 'audited', '--json']);
  try {
    expect(await audit()).toMatchObject({ code: 0 });
    await host.json(['authorize', 'web', 'tcp/22 from 0.0.0.0/0']);
    const opened = await audit();
    expect(opened.code).toBe(1);
    expect(documentOf(opened).findings.find(({ id }) => id === 'SGA002')).toMatchObject({
      status: 'not tried',
      reason: 'not provable here: no host outside is in the block',
    });
    // The file's own audit has a lab of another name.
    expect(await host.sglab(['audit', file, '--json'])).toMatchObject({ code: 0 });
    expect(host.namespaces()).toEqual(namespaces);
  } finally {
    await host.json(['down', 'audited']);
  }
});

it('says what is wrong with its words', async () => {
  expect(await host.sglab(['audit', CARELESS, '--fail-on', 'hihg'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean "high"?'),
  });
  expect(await host.sglab(['audit', 'nothing.yaml'])).toMatchObject({ code: 2 });
  expect(await host.sglab(['audit', 'no-such-lab'])).toMatchObject({ code: 2 });
  const unwritable = ['audit', CARELESS, '--no-probe', '--sarif', path.join(host.directory, 'no', 'where')];
  expect(await host.sglab(unwritable)).toMatchObject({ code: 2 });
});

describe.concurrent('every shipped scenario', () => {
  it.each(SHIPPED)('%s: is audited to its end, and its lab is gone', async (file) => {
    const result = await host.sglab(['audit', file, '--json']);
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: expect.toBeOneOf([0, 1]), stderr: '' });
    for (const { status, probe } of documentOf(result).findings) expect(probe === null).toBe(status === 'not tried');
    const lab = `sglab-${path.basename(file, '.yaml').slice(0, 34)}-audit-`;
    expect(host.namespaces().filter((name) => name.startsWith(lab))).toEqual([]);
  });
});
