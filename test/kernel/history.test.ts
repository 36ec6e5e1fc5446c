/** The history of a lab: who changed what, and what became of the same packets before and after. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExplainedChange } from '../../src/cli/report/history.js';
import { RunningLab } from './support/running-lab.js';
import { SMALL } from './support/small-lab.js';
import { until } from './support/until.js';

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up({ ...SMALL, name: 'told' });
});
afterAll(() => lab?.stop());

async function read(...flags: string[]): Promise<ExplainedChange[]> {
  const { changes } = await lab.host.json<{ changes: ExplainedChange[] }>(['history', 'told', ...flags]);
  return changes;
}

const last = async () => (await read()).at(-1);

/** A verdict is written when it is known that nothing more comes. */
async function lastVerdicts(): Promise<string[]> {
  const words = async () =>
    ((await last())?.verdicts ?? []).map(({ from, to, traffic, before, after }) =>
      [from, to, traffic, before.stage ?? before.verdict, after.stage ?? after.verdict].join(' '),
    );
  await until('a verdict is in the history', async () => (await words()).length > 0);
  return words();
}

const RULE = 'tcp/22 from 198.51.100.10/32';

describe('the history', () => {
  it('begins with the definition', async () => {
    const [first, ...others] = await read();
    expect(others).toEqual([]);
    expect(first).toMatchObject({ number: 1, caller: 'sglab', action: `up ${lab.file}` });
    expect(first?.changes.map(({ kind, before }) => [kind, before])).toContainEqual(['instances', null]);
  });

  it('has what a command changed, and the flow that met another verdict because of it', async () => {
    await lab.probe('office -> web tcp/22');
    await lab.host.sglab(['authorize', 'web', ...RULE.split(' ')]);
    await lab.probe('office -> web tcp/22');
    expect(await lastVerdicts()).toEqual(['office web tcp/22 sg-ingress passed']);
    expect(await last()).toMatchObject({
      number: 2,
      caller: 'sglab',
      action: `authorize web: ${RULE}`,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      changes: [{ kind: 'securityGroups', before: {}, after: { rules: [{ fromPort: 22 }] } }],
      verdicts: [{ after: { rules: [expect.stringMatching(/^sgr-/)] }, changes: [2] }],
    });
    const { stdout } = await lab.host.sglab(['history', '--since', '1h']);
    expect(stdout).toContain(`    + security group web: ${RULE}\n`);
    expect(stdout).toMatch(/→ office → web tcp\/22: dropped at sg-ingress before, passed since \(seen /);
  });

  it('names the client of the EC2 API and its request', async () => {
    const { endpoint } = await lab.host.json<{ endpoint: string }>(['status']);
    const groupId = Object.values((await lab.cloud()).securityGroups).find(({ name }) => name === 'web')?.id;
    const permission = 'IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22&IpPermissions.1.ToPort=22';
    const range = 'IpPermissions.1.IpRanges.1.CidrIp=198.51.100.10/32';
    const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret } = (
      await lab.host.json<{ variables: Record<string, string> }>(['env'])
    ).variables;
    const answer = await lab.host.run('curl', [
      ...['-s', '-d', `Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=${groupId}&${permission}&${range}`],
      ...['--aws-sigv4', 'aws:amz:us-east-1:ec2', '--user', `${key}:${secret}`, endpoint],
    ]);
    await lab.probe('office -> web tcp/22');
    expect(await lastVerdicts()).toEqual(['office web tcp/22 passed sg-ingress']);
    expect(await last()).toMatchObject({
      number: 3,
      caller: 'SGLABCLIENT',
      action: 'RevokeSecurityGroupIngress',
      requestId: /<requestId>(.*)<\/requestId>/.exec(answer)?.[1],
      changes: [{ before: { rules: [{ fromPort: 22 }] }, after: {} }],
    });
  });

  it('has no entry of what was refused', async () => {
    const before = await read();
    expect((await lab.host.sglab(['authorize', 'web', 'tcp/80', 'from', '198.51.100.10/32'])).code).toBe(2);
    expect(await read()).toEqual(before);
  });

  it('is there when the controller was killed amid a line, and goes on', async () => {
    const before = await read();
    process.kill(lab.host.controller(), 'SIGKILL');
    const file = path.join(lab.host.runDirectory, 'told', 'history.jsonl');
    const text = fs.readFileSync(file, 'utf8');
    const at = text.lastIndexOf('{"type":"change"');
    fs.writeFileSync(file, text.slice(0, at + 30)); // as if its last change had not been written out
    expect((await read()).map(({ number }) => number)).toEqual([1, 2]);
    expect((await lab.host.sglab(['up', lab.file])).code).toBe(0);
    await lab.authorize('web', RULE);
    const after = await read();
    expect(after.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    const { verdicts: _, ...third } = before[2] ?? {};
    expect(after[2]).toMatchObject(third);
  });

  it('has what another file makes of a lab that was left behind', async () => {
    process.kill(lab.host.controller(), 'SIGKILL');
    const other = lab.host.write('other.yaml', {
      ...SMALL,
      name: 'told',
      steps: [],
      internet: { office: '198.51.100.11' },
    });
    expect((await lab.host.sglab(['up', other])).code).toBe(0);
    const entry = await last();
    expect(entry).toMatchObject({ number: 5, action: `up ${other}` });
    const kinds = entry?.changes.map(({ kind, words }) => [kind, words]);
    expect(kinds).toContainEqual(['externalHosts', expect.arrayContaining([expect.stringContaining('198.51.100.11')])]);
  });

  it('goes with the lab', async () => {
    await lab.host.sglab(['down', 'told']);
    expect(fs.existsSync(path.join(lab.host.runDirectory, 'told'))).toBe(false);
  });
});
