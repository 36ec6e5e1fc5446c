/** Grading a running lab: whatever it tries is taken back, and nobody else's change is lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/changes/command-line.js';
import { applyMutation } from '../../src/changes/mutation.js';
import type { Mutation } from '../../src/changes/verbs.js';
import { parseProbe, probeText } from '../../src/cloud/text/probe.js';
import { checkSentence } from '../../src/lessons/feedback.js';
import { gradeLab } from '../../src/lessons/grade-lab.js';
import type { Goal } from '../../src/lessons/types.js';
import { parseChange } from '../../src/scenario/parse-change.js';
import { parseScenario } from '../../src/scenario/parse-scenario.js';
import type { ProbeStep } from '../../src/scenario/steps/probe.js';
import type { Step } from '../../src/scenario/steps.js';
import { OwnLab } from './support/own-lab.js';

const SCENARIO = {
  name: 'grade',
  vpcs: { v: { cidr: '10.0.0.0/16', subnets: { s: { cidr: '10.0.1.0/24' } } } },
  securityGroups: {
    app: {},
    db: { ingress: { protocol: 'tcp', ports: 5432, from: 'app', description: 'the application' } },
  },
  instances: {
    'app-1': { subnet: 's', securityGroups: 'app' },
    'db-1': { subnet: 's', securityGroups: 'db', listen: ['tcp/5432', 'tcp/22'] },
  },
};

let lab: OwnLab;
beforeAll(async () => {
  lab = await OwnLab.up();
  const { cloud } = parseScenario(JSON.stringify(SCENARIO), 'grade');
  await lab.change((empty) => ({ ...cloud, name: empty.name }));
});
afterAll(() => lab?.down());

const line = 0;
const mutate = (mutation: Mutation): Step => ({ type: 'mutate', name: mutation.type, line, mutation });
const probe = (words: string, outcome: ProbeStep['expect']['outcome']): Step => {
  const spec = parseProbe(words);
  return {
    type: 'probe',
    name: probeText(spec),
    line,
    probe: spec,
    expect: { outcome, stage: null, leg: null, rules: [] },
  };
};
const launch = mutate(parseChange('launch: { name: app-9, subnet: s, securityGroups: app }'));

async function grade(...steps: Step[]) {
  const goals: Goal[] = [{ goal: 'it', steps }];
  const { goals: graded } = await gradeLab(lab.live, goals);
  const [goal] = graded;
  return { status: goal?.status, cause: goal?.cause, says: goal?.checks.map(checkSentence) ?? [] };
}

describe('a goal', () => {
  it('is met, and says by which rule', async () => {
    const { status, says } = await grade(probe('app-1 -> db-1 tcp/5432', 'connected'));
    expect(status).toBe('passed');
    expect(says).toEqual([
      expect.stringMatching(
        /^app-1 reaches tcp\/5432 of db-1, admitted by sgr-\w+ \(db: tcp\/5432 from app "the application"\)$/,
      ),
    ]);
  });

  it.each([
    [
      'app-1 -> db-1 tcp/22',
      'connected',
      'closed',
      /^still closed: app-1 does not reach tcp\/22 of db-1: no ingress rule/,
    ],
    ['app-1 -> db-1 tcp/5432', 'timed-out', 'too-open', /^too open: app-1 reaches tcp\/5432 of db-1, admitted by sgr-/],
    ['app-1 -> db-1 tcp/5432', 'refused', 'server', /something answers on tcp\/5432 of db-1/],
    ['app-2 -> db-1 tcp/5432', 'connected', 'impossible', /^cannot be tried: .*app-2/],
  ] as const)('%s, wanted %s, is %s', async (words, wanted, cause, sentence) => {
    const graded = await grade(probe(words, wanted));
    expect(graded).toMatchObject({ status: 'failed', cause, says: [expect.stringMatching(sentence)] });
  });

  it('about a machine that is gone is met where nothing should arrive', async () => {
    expect(await grade(probe('app-2 -> db-1 tcp/5432', 'timed-out'))).toMatchObject({ status: 'passed' });
  });

  it('takes sessions, time and programs, and ends its sessions', async () => {
    const spec = parseProbe('app-1 -> db-1 tcp/5432');
    const steps: Step[] = [
      { type: 'open', name: 'open', line, flow: 'f', probe: spec, send: 'both' },
      { type: 'advance', name: 'advance 6d', line, seconds: 6 * 86_400 },
      {
        type: 'flow',
        name: 'f',
        line,
        flow: 'f',
        send: 'server',
        expect: { outcome: 'goes-on', stage: null, leg: null },
      },
    ];
    // The database may send what it likes, and the application lets nothing in that it has forgotten.
    for (let round = 0; round < 2; round++) {
      expect(await grade(...steps)).toMatchObject({
        status: 'failed',
        cause: 'closed',
        says: [expect.anything(), expect.anything(), expect.stringContaining('stalled')],
      });
    }
    const exec: Step = {
      type: 'exec',
      name: 'true on app-1',
      line,
      on: 'app-1',
      argv: ['true'],
      expect: 'ok',
      output: null,
      withinMs: 5000,
    };
    expect(await grade(exec)).toMatchObject({ status: 'passed' });
    expect(await grade({ ...exec, argv: ['false'] })).toMatchObject({ status: 'failed', cause: 'closed' });
  });
});

describe('what a goal changes', () => {
  it('is taken back, also when it fails', async () => {
    const before = lab.cloud;
    expect(await grade(launch, probe('app-9 -> db-1 tcp/5432', 'connected'))).toMatchObject({ status: 'passed' });
    expect(await grade(launch, probe('app-9 -> db-1 tcp/22', 'connected'))).toMatchObject({ cause: 'by-accident' });
    expect(await grade(launch, launch)).toMatchObject({ status: 'failed', cause: 'impossible' });
    expect(lab.cloud).toEqual(before);
    expect(lab.namespaces().filter((name) => name.includes('app-9'))).toEqual([]);
  });

  it('is tried only when the goals that change nothing are met', async () => {
    const goals = [
      { goal: 'later', steps: [launch, probe('app-9 -> db-1 tcp/5432', 'connected')] },
      { goal: 'now', steps: [probe('app-1 -> db-1 tcp/22', 'connected')] },
    ];
    const { status, goals: graded } = await gradeLab(lab.live, goals);
    expect(status).toBe('failed');
    expect(graded).toMatchObject([
      { goal: 'later', status: 'untried' },
      { goal: 'now', status: 'failed' },
    ]);
  });

  it('does not take others’ changes with it: they wait', async () => {
    const begun = new Promise<void>((resolve) => {
      const stop = lab.live.changing.add(() => {
        stop();
        resolve();
      });
    });
    const graded = grade(launch, probe('app-9 -> db-1 tcp/22', 'timed-out'));
    await begun;
    const rule = parseCommandLine('authorize db tcp/22 from app', parseChange);
    const changed = lab.live.mutate(rule);
    expect(await graded).toMatchObject({ status: 'passed' });
    await changed;
    expect(await lab.probe('app-1 -> db-1 tcp/22')).toBe('connected');
    await lab.change((cloud) => applyMutation(cloud, parseCommandLine('revoke db tcp/22 from app', parseChange)));
  });
});

it('nobody is graded where the kernel and the model do not agree', async () => {
  // A firewall of the instance's own, of which the model does not know.
  const nft = (words: string): Step => ({
    type: 'exec',
    name: words,
    line,
    on: 'db-1',
    argv: ['nft', words],
    expect: 'ok',
    output: null,
    withinMs: 5000,
  });
  const block = 'add table inet own; add chain inet own in { type filter hook input priority 0; policy drop; }';
  expect(await grade(nft(block))).toMatchObject({ status: 'passed' });
  const { status, says } = await grade(probe('app-1 -> db-1 tcp/5432', 'timed-out'));
  expect(status).toBe('unknown');
  expect(says).toEqual([expect.stringMatching(/the kernel says timed-out at listener, and the model says connected/)]);
  expect(await grade(nft('delete table inet own'))).toMatchObject({ status: 'passed' });
});
