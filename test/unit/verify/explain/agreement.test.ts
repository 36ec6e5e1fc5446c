/** What counts as a disagreement: something that neither the cloud nor a program inside a machine accounts for. */
import { describe, expect, it } from 'vitest';
import { parseProbe, resolveProbe } from '../../../../src/cloud/text/probe.js';
import type { ProbeResult } from '../../../../src/verdict/types.js';
import { explainProbe } from '../../../../src/verify/explain/explain.js';
import type { Explanation } from '../../../../src/verify/explain/types.js';
import { cloudOf } from './advise.js';

const cloud = cloudOf({
  vpcs: {
    v: {
      cidr: '10.0.0.0/16',
      subnets: {
        near: { cidr: '10.0.1.0/24', routeTable: 'around' },
        far: { cidr: '10.0.2.0/24' },
        middle: { cidr: '10.0.3.0/24' },
      },
    },
  },
  routeTables: { around: { routes: { to: '10.0.2.0/24', via: 'fw' } } },
  securityGroups: { open: { ingress: { protocol: 'all', from: '10.0.0.0/8' } } },
  instances: {
    one: { subnet: 'near', securityGroups: 'open', listen: 'tcp/80' },
    two: { subnet: 'near', securityGroups: 'open', listen: 'tcp/80' },
    behind: { subnet: 'far', securityGroups: 'open', listen: 'tcp/80' },
    fw: { subnet: 'middle', securityGroups: 'open', sourceDestCheck: false },
  },
});

/** The explanation of a probe about which the kernel reported nothing but its result. */
function explain(words: string, result: Pick<ProbeResult, 'outcome' | 'stage' | 'leg'>): Explanation {
  const spec = parseProbe(words);
  const { from, to, protocol, port } = spec;
  const about = { from, to, protocol, port, rule: null, explanationCode: null, path: [], explanation: '', ms: 1 };
  return explainProbe({
    ...{ cloud, from, to, spec, question: resolveProbe(cloud, spec), ruledOut: [], doubt: null },
    kernel: { ...about, ...result },
    evidence: { cards: new Map(), reports: [], clientPort: 40_000 },
  });
}

const DROPPED = { outcome: 'timed-out', stage: 'sg-ingress', leg: 'request' } as const;

describe('the two', () => {
  it('disagree where a card drops what its rules admit', () => {
    expect(explain('one -> two tcp/80', DROPPED)).toMatchObject({
      agreement: { verdict: 'differ', differsIn: 'outcome', note: null },
      toStop: [],
    });
  });

  it('cannot be compared where a machine in the middle may have done it', () => {
    expect(explain('one -> behind tcp/80', DROPPED).agreement).toMatchObject({
      verdict: 'unknown',
      note: expect.stringMatching(/^packets pass fw\.eth0: what it makes of them is decided inside/),
    });
  });

  it.each([
    [{ outcome: 'refused', stage: 'listener', leg: 'request' }, 'tcp/80', /^two refuses what it should serve/],
    [{ outcome: 'timed-out', stage: 'listener', leg: 'request' }, 'tcp/80', /^two let it in and keeps quiet/],
    [{ outcome: 'timed-out', stage: 'listener', leg: 'reply' }, 'tcp/80', /^one does not take the answer/],
    [{ outcome: 'connected', stage: null, leg: null }, 'tcp/81', /^two runs a program of its own, which answers/],
  ] as const)('agree where the machine itself reacts in its own way: %j', (result, traffic, note) => {
    const explanation = explain(`one -> two ${traffic}`, result);
    expect(explanation.agreement).toMatchObject({ verdict: 'agree', note: expect.stringMatching(note) });
    expect(explanation.model).toEqual(result);
  });
});
