import { describe, expect, it } from 'vitest';
import { resolveInterface } from '../../../../src/cloud/text/endpoint.js';
import type { Cloud } from '../../../../src/cloud/types.js';
import type { Hop, ProbeResult } from '../../../../src/verdict/types.js';
import { findAll } from '../../../../src/verify/audit/find.js';
import { withOutsider } from '../../../../src/verify/audit/outsider.js';
import { proveAll, type SendProbe } from '../../../../src/verify/audit/prove.js';
import { exitCodeOf } from '../../../../src/verify/audit/threshold.js';
import type { Finding, Proof } from '../../../../src/verify/audit/types.js';
import { entry, probe } from '../../cli/report/samples.js';
import { cloudOf, tcp, withRules } from './clouds.js';

const OFFICE = { internet: { office: '198.51.100.10' } };
const NOBODY = 'nobody outside';

/** What is said about the first finding of that kind by packets that end as `answer` says. */
async function proofOf(cloud: Cloud, kind: Finding['kind'], answer: Partial<ProbeResult>, asked: string[] = []) {
  const finding = findAll(cloud).find((each) => each.kind === kind);
  if (finding === undefined) throw new Error(`nothing of kind ${kind}`);
  const ask: SendProbe = async ({ from, to }) => {
    asked.push(`${from} ${to}`);
    return probe({ from, to, ...answer });
  };
  const [proof] = await proveAll(cloud, [finding], ask, { noOutsider: NOBODY });
  if (proof === undefined) throw new Error('no proof');
  return proof;
}

const stoppedAt = (stage: Hop['stage'], path: Hop[] = []): Partial<ProbeResult> => ({
  outcome: 'timed-out',
  stage,
  leg: 'request',
  path: [...path, entry({ stage, verdict: 'drop', interface: null })],
  explanation: 'that is why',
});

const ruleId = (cloud: Cloud, at: number) =>
  Object.values(cloud.securityGroups).find(({ name }) => name === 'web')?.rules[at]?.id ?? 'none';
const passedBy = (cloud: Cloud, rule: string | null) => entry({ rule, interface: resolveInterface(cloud, 'v').id });

describe('a rule that is open to the world', () => {
  const cloud = withRules([tcp(22, '0.0.0.0/0'), tcp(22, '198.51.100.10/32')], OFFICE);

  it('is proved by a packet that it let in, whether anything listens or not', async () => {
    const path = [passedBy(cloud, ruleId(cloud, 0))];
    expect(await proofOf(cloud, 'ssh-open', { path })).toMatchObject({
      status: 'proved',
      reason: 'office -> v tcp/22 connected',
      probe: { from: 'office', to: 'v' },
    });
    const refused = { path, outcome: 'refused', stage: 'listener', leg: 'request' } as const;
    expect(await proofOf(cloud, 'ssh-open', refused)).toMatchObject({ status: 'proved' });
    const reply = { path, outcome: 'timed-out', stage: 'nacl-outbound', leg: 'reply' } as const;
    expect(await proofOf(cloud, 'ssh-open', reply)).toMatchObject({
      status: 'proved',
      reason: expect.stringContaining('its answer stopped at nacl-outbound'),
    });
  });

  it.each(['route', 'nacl-inbound', 'sg-ingress'] as const)('is refuted by one that stopped at %s', async (stage) => {
    expect(await proofOf(cloud, 'ssh-open', stoppedAt(stage))).toMatchObject({
      status: 'refuted',
      reason: `open in the group, but office -> v tcp/22 stopped at ${stage}: that is why`,
    });
  });

  it('is neither by one that a narrower rule let in, nor by one that vanished', async () => {
    const other = await proofOf(cloud, 'ssh-open', { path: [passedBy(cloud, ruleId(cloud, 1))] });
    expect(other).toEqual({
      status: 'not-tried',
      reason: expect.stringContaining('says nothing about this rule'),
      unknown: false,
    });
    expect(await proofOf(cloud, 'ssh-open', { outcome: 'unknown', path: [] })).toMatchObject({
      status: 'not-tried',
      unknown: true,
    });
  });

  it('is not tried where nobody is outside', async () => {
    const asked: string[] = [];
    const proof = await proofOf(withRules([tcp(22, '0.0.0.0/0')]), 'ssh-open', {}, asked);
    expect({ proof, asked }).toEqual({
      proof: { status: 'not-tried', reason: NOBODY, unknown: false },
      asked: [],
    });
  });
});

it('a database that may connect to the world is proved by a packet that arrives there, not by one that leaves', async () => {
  const cloud = withRules([tcp(5432, '10.0.2.0/24')], OFFICE, [{ protocol: 'all', to: '0.0.0.0/0' }]);
  const out = entry({ stage: 'sg-egress', rule: ruleId(cloud, 1), interface: resolveInterface(cloud, 'v').id });
  expect(await proofOf(cloud, 'database-egress', { path: [out] })).toMatchObject({
    status: 'proved',
    probe: { from: 'v', to: 'office' },
  });
  expect(await proofOf(cloud, 'database-egress', stoppedAt('route', [out]))).toMatchObject({ status: 'refuted' });
});

describe('a rule to nowhere', () => {
  const cloud = withRules([tcp(22, '192.168.7.0/24')], OFFICE);

  it('is proved by packets that its group dropped', async () => {
    expect(await proofOf(cloud, 'block-nowhere', stoppedAt('sg-ingress'))).toMatchObject({ status: 'proved' });
  });

  it('is not by what other rules let in, or by what did not get to the group', async () => {
    const path = [passedBy(cloud, 'sgr-other')];
    expect(await proofOf(cloud, 'block-nowhere', { path })).toMatchObject({ status: 'not-tried' });
    expect(await proofOf(cloud, 'block-nowhere', stoppedAt('route'))).toMatchObject({ status: 'not-tried' });
  });

  it('is refuted by a packet that it let in', async () => {
    const path = [passedBy(cloud, ruleId(cloud, 0))];
    expect(await proofOf(cloud, 'block-nowhere', { path })).toMatchObject({ status: 'refuted' });
  });
});

it('a redundant rule is proved by the wider one that the kernel names', async () => {
  const cloud = withRules([tcp(443, '0.0.0.0/0'), tcp(443, '198.51.100.0/24')], OFFICE);
  const by = (at: number) => ({ path: [passedBy(cloud, ruleId(cloud, at))] });
  expect(await proofOf(cloud, 'redundant-rule', by(0))).toMatchObject({ status: 'proved' });
  expect(await proofOf(cloud, 'redundant-rule', by(1))).toMatchObject({ status: 'not-tried' });
});

describe('the outsider', () => {
  it('is added where the file has nobody in the block, at an address for examples that no narrow rule names', () => {
    const cloud = withRules([tcp(22, '0.0.0.0/0'), tcp(80, '203.0.113.0/24')]);
    const { externalHosts } = withOutsider(cloud, findAll(cloud));
    expect(Object.values(externalHosts)).toEqual([
      { name: 'outsider', addresses: [expect.stringMatching(/^198\.51\.100\./)], listen: [] },
    ]);
  });

  it('is not where the file has one, where nothing asks for one, or where no member could be asked', () => {
    const office = withRules([tcp(22, '0.0.0.0/0')], OFFICE);
    const closed = withRules([tcp(22, '10.0.2.0/24')]);
    const unused = withRules([tcp(22, '0.0.0.0/0')], { instances: {} });
    for (const cloud of [office, closed, unused]) expect(withOutsider(cloud, findAll(cloud))).toBe(cloud);
  });

  it('has another name where a machine is called so', () => {
    const cloud = withRules([tcp(22, '0.0.0.0/0')], {
      instances: { outsider: { subnet: 'public', securityGroups: 'web', publicIp: true } },
    });
    expect(Object.keys(withOutsider(cloud, findAll(cloud)).externalHosts)).toEqual(['outsider-2']);
  });
});

describe('what is assumed', () => {
  const assumed = (about: string) => ({ assumed: [{ because: 'nobody describes it', about: [about] }] });
  const open = (about: string) => withRules([tcp(22, '0.0.0.0/0')], { ...OFFICE, ...assumed(about) });

  it.each(['vpcs.shop', 'vpcs.shop.subnets.public', 'securityGroups.web', 'instances.v'])(
    'refutes nothing: %s',
    async (about) => {
      const proof = await proofOf(open(about), 'ssh-open', stoppedAt('route'));
      const reason = 'the network is assumed (nobody describes it)';
      expect(proof).toEqual({ status: 'not-tried', reason, unknown: false });
    },
  );

  it('refutes where it is not on the way', async () => {
    expect(await proofOf(open('vpcs.shop.subnets.private'), 'ssh-open', stoppedAt('route'))).toMatchObject({
      status: 'refuted',
    });
  });

  it('is proved through by what arrives', async () => {
    const cloud = open('vpcs.shop');
    const path = [passedBy(cloud, ruleId(cloud, 0))];
    expect(await proofOf(cloud, 'ssh-open', { path })).toMatchObject({ status: 'proved' });
  });

  it('proves nothing by what does not arrive', async () => {
    const cloud = cloudOf({
      ...OFFICE,
      ...assumed('securityGroups.other'),
      instances: { v: { subnet: 'public', securityGroups: 'web', publicIp: true } },
      securityGroups: { web: { ingress: [tcp(22, 'other')] }, other: {} },
    });
    expect(await proofOf(cloud, 'group-without-members', stoppedAt('sg-ingress'))).toMatchObject({
      status: 'not-tried',
      reason: 'the network is assumed (nobody describes it)',
    });
  });

  it('leaves the exit code open where it is rules of a group in use', () => {
    const cloud = withRules([], assumed('securityGroups.web'));
    expect(exitCodeOf({ cloud, audited: [] }, 'low')).toBe(4);
    expect(exitCodeOf({ cloud: withRules([], assumed('vpcs.shop')), audited: [] }, 'low')).toBe(0);
  });
});

describe('the exit code', () => {
  const cloud = withRules([tcp(22, '0.0.0.0/0')], OFFICE);
  const [finding] = findAll(cloud).filter(({ kind }) => kind === 'ssh-open');
  const codeOf = (proof: Proof, failOn: 'critical' | 'high' | 'low') =>
    exitCodeOf({ cloud, audited: finding === undefined ? [] : [{ finding, proof, place: null }] }, failOn);
  const proved: Proof = { status: 'proved', reason: '', probe: probe(), sent: 1 };

  it('is 1 for what is severe enough and not refuted, 4 where a packet vanished', () => {
    expect(codeOf(proved, 'high')).toBe(1);
    expect(codeOf(proved, 'low')).toBe(1);
    expect(codeOf(proved, 'critical')).toBe(0);
    expect(codeOf({ ...proved, status: 'refuted' }, 'low')).toBe(0);
    expect(codeOf({ status: 'not-tried', reason: '', unknown: false }, 'high')).toBe(1);
    expect(codeOf({ status: 'not-tried', reason: '', unknown: true }, 'critical')).toBe(4);
  });
});
