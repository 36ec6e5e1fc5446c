/** The control socket: SGLAB_TEST_REQUESTS mutated requests of every call, after which the controller is what it was. */
import fc from 'fast-check';
import { afterAll, beforeAll, it } from 'vitest';
import { Choices } from '../../src/changes/choices.js';
import { VERBS } from '../../src/changes/verbs.js';
import { parseProbe } from '../../src/cloud/text/probe.js';
import type { Cloud } from '../../src/cloud/types.js';
import type { Calls } from '../../src/controller/protocol.js';
import { controlSocket } from '../../src/lab/run-directory.js';
import { besiege, knock, REQUESTS, REQUESTS_MS } from './support/door.js';
import { mutated, mutatedBytes } from './support/mutants.js';
import { RunningLab } from './support/running-lab.js';
import { SMALL } from './support/small-lab.js';

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up(SMALL);
});
afterAll(() => lab?.stop());

const PROBE = fc
  .constantFrom('office -> web tcp/80', 'app -> web udp/53', 'web -> app icmp')
  .map((w) => parseProbe(w, null));
const PLACE = {
  subnet: 's',
  groups: ['web'],
  privateIp: null,
  publicIp: false,
  listen: [{ protocol: 'tcp', port: 80 }],
};

const EXPECT = { outcome: 'connected', stage: null, leg: null, rules: [] };

/** Changes that the lab would take, of every verb. */
function mutations(cloud: Cloud): fc.Arbitrary<unknown> {
  const drawn = Object.values(VERBS).flatMap(({ random }) =>
    random === undefined
      ? []
      : [fc.array(fc.nat(), { minLength: 20, maxLength: 20 }).map((all) => random.choose(cloud, new Choices(all), 1))],
  );
  const servers = { on: 'web', listeners: [{ protocol: 'tcp', port: 443 }] };
  return fc.oneof(
    ...drawn,
    fc.constantFrom(
      { type: 'launch', machine: { name: 'new', ...PLACE } },
      { type: 'terminate', machine: 'new' },
      { type: 'listen', ...servers },
      { type: 'close', ...servers },
    ),
  );
}

/** A right request of each call. What takes the lab down, or only seems to be mutated, is left out. */
function requests(cloud: Cloud): fc.Arbitrary<{ name: string; body: Buffer }> {
  const probe = PROBE.map((each) => ({ probe: each }));
  const change = mutations(cloud).map((mutation) => ({ mutation }));
  const steps = fc.array(
    fc.oneof(
      probe.map((each) => ({ type: 'probe', name: 'p', ...each, expect: EXPECT })),
      change.map((each) => ({ type: 'mutate', name: 'm', ...each })),
    ),
    { maxLength: 3 },
  );
  const nothing = fc.constant({});
  const bases: { readonly [Name in keyof Calls]: fc.Arbitrary<unknown> } = {
    status: nothing,
    enter: fc.constant({ machine: 'web' }),
    probe,
    explain: probe,
    grade: steps.map((each) => ({ goals: [{ goal: 'g', steps: each }] })),
    matrix: fc.constant({ machines: ['web', 'app'], questions: ['tcp/22', 'icmp'] }),
    describeRules: fc.constant({ ids: ['sgr-0', Object.keys(cloud.securityGroups)[0]] }),
    mutate: change,
    dryRun: change,
    advance: fc.constant({ seconds: 60 }),
    flowLogs: fc.constant({ interfaceIds: null }),
    drift: nothing,
    repair: nothing,
    console: fc.constant({ terminals: false }),
    down: nothing,
  };
  const calls = Object.entries(bases).map(([name, base]) =>
    mutatedBytes(mutated(base).map((document) => JSON.stringify(document) ?? ''))
      .filter((body) => name !== 'down' || !isObject(body))
      .map((body) => ({ name, body })),
  );
  const unknown = fc.record({
    name: fc.constantFrom('', 'constructor', 'reports/', 'x'),
    body: fc.constant(Buffer.from('{}')),
  });
  return fc.oneof(...calls, unknown);
}

/** Would take the lab down. */
function isObject(body: Buffer): boolean {
  if (body.length === 0) return true;
  try {
    const document: unknown = JSON.parse(body.toString());
    return typeof document === 'object' && document !== null && !Array.isArray(document);
  } catch {
    return false;
  }
}

it(
  `takes ${REQUESTS} mutated requests`,
  async () => {
    const sent = requests(await lab.cloud());
    const where = { socketPath: controlSocket(lab.name) };
    const sizes = await besiege(lab, sent, ({ name, body }) =>
      knock(where, { method: 'POST', path: `/${name}`, headers: {}, body }),
    );
    process.stdout.write(`${JSON.stringify(sizes)}\n`);
  },
  REQUESTS_MS,
);
