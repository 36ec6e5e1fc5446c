/** The console's door: SGLAB_TEST_REQUESTS mutated requests, of which those without the session are all refused. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseProbe } from '../../src/cloud/text/probe.js';
import { besiege, type Knock, knock, REQUESTS, REQUESTS_MS } from '../kernel/support/door.js';
import { mutated, mutatedBytes } from '../kernel/support/mutants.js';
import { Relay } from '../kernel/support/relay.js';
import { RunningLab } from '../kernel/support/running-lab.js';
import { SMALL } from '../kernel/support/small-lab.js';

let lab: RunningLab;
let relay: Relay;
let port: string;
let token: string;
let cookie: string;
beforeAll(async () => {
  lab = await RunningLab.up(SMALL);
  const { url } = await lab.host.json<{ url: string }>(['console']);
  [, port = '', token = ''] = /:(\d+)\/#token=(.+)$/.exec(url) ?? [];
  relay = await Relay.start(lab.host, Number(port));
  cookie = await session();
});
afterAll(async () => {
  await relay?.stop();
  await lab?.stop();
});

async function session(): Promise<string> {
  const script = `fetch('http://127.0.0.1:${port}/session', { method: 'POST', body: JSON.stringify({ token: '${token}' }),
    headers: { 'Content-Type': 'application/json', Origin: 'http://127.0.0.1:${port}' } })
    .then((answer) => console.log(answer.headers.get('set-cookie').split(';')[0]))`;
  return (await lab.host.run(process.execPath, ['-e', script])).trim();
}

const PROBE = parseProbe('office -> web tcp/80', null);
const RULE = { direction: 'ingress', protocol: 'tcp', fromPort: 22, toPort: 22, peer: '0.0.0.0/0', description: null };
const MUTATION = { type: 'authorize', group: 'web', rules: [RULE] };
const REQUEST = { action: 'DescribeInstances', parameters: { 'Filter.1.Name': 'tag:Name', 'Filter.1.Value.1': 'web' } };
const CALLS: Readonly<Record<string, object>> = {
  session: { token: 'guessed' },
  'api/probe': { probe: PROBE },
  'api/explain': { probe: PROBE },
  'api/matrix': { machines: ['web', 'app'], questions: ['tcp/22'] },
  'api/describeRules': { ids: ['sgr-0'] },
  'api/mutate': { mutation: MUTATION },
  'api/dryRun': { mutation: MUTATION },
  'api/advance': { seconds: 1 },
  'api/flowLogs': { interfaceIds: null },
  'api/drift': {},
  'api/repair': {},
  'api/ec2': REQUEST,
  'api/preview': { requests: [REQUEST], machines: ['web', 'app'], questions: ['tcp/22'], mutations: [MUTATION] },
  'api/rulesInForce': { interfaceId: 'eni-0' },
  'api/connections': { interfaceId: 'eni-0' },
  'api/watchMatrix': { page: 1, matrix: { machines: ['web', 'app'], questions: ['tcp/22'] } },
  'api/exec': { machine: 'web' },
  'api/down': {},
  'api/__proto__': {},
};

interface Sent extends Knock {
  /** Whether it comes from the page. */
  readonly isPage: boolean;
}

const OFTEN = { weight: 8, arbitrary: fc.constant(true) };
const mostly = (...wrong: (string | null)[]) => fc.oneof(OFTEN, { weight: 1, arbitrary: fc.constantFrom(...wrong) });

function requests(): fc.Arbitrary<Sent> {
  const own = `127.0.0.1:${port}`;
  const guest = fc.record({
    host: mostly('evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'x', '127.0.0.1@evil'),
    origin: mostly(null, 'null', 'http://evil.example', `http://127.0.0.1:${Number(port) + 1}`, `https://${own}`),
    site: mostly('cross-site', 'same-site', 'x'),
    cookie: mostly(null, 'sglab=1', `sglab-${port}=`, `${cookie}x`, cookie.replace('=', '')),
  });
  const asked = fc.constantFrom(...Object.entries(CALLS)).chain(([path, body]) =>
    fc.record({
      path: fc.constantFrom(
        `/${path}`,
        `/${path}`,
        `/${path}`,
        `/${path}`,
        `//${path}`,
        `/${path}?x`,
        `/%2e%2e/${path}`,
      ),
      body: mutatedBytes(mutated(fc.constant(body)).map((document) => JSON.stringify(document) ?? '')),
    }),
  );
  const read = fc
    .constantFrom(
      '/events',
      '/events',
      '/assets/../../package.json',
      '/..%2fpackage.json',
      '/.setup',
      '/assets/',
      '//',
      '/x',
    )
    .map((path) => ({ path, body: Buffer.alloc(0) }));
  const what = fc.oneof(
    { weight: 9, arbitrary: asked.map((each) => ({ ...each, method: 'POST' })) },
    { weight: 2, arbitrary: read.map((each) => ({ ...each, method: 'GET' })) },
    {
      weight: 1,
      arbitrary: fc
        .record({ method: fc.constantFrom('PUT', 'DELETE', 'OPTIONS', 'PATCH') })
        .chain((m) => asked.map((each) => ({ ...each, ...m }))),
    },
  );
  return fc
    .record({ guest, what })
    .map(({ guest: { host, origin, site, cookie: word }, what: { method, path, body } }) => {
      const headers = {
        Host: host === true ? own : String(host),
        ...(origin === null ? {} : { Origin: origin === true ? `http://${own}` : String(origin) }),
        'Sec-Fetch-Site': site === true ? 'same-origin' : String(site),
        ...(word === null ? {} : { Cookie: word === true ? cookie : String(word) }),
        'Content-Type': 'application/json',
      };
      const isPage =
        host === true && (origin === true || (origin === null && method === 'GET')) && site === true && word === true;
      return { method, path, headers, body, isPage };
    });
}

it(
  `takes ${REQUESTS} mutated requests`,
  async () => {
    const sizes = await besiege(lab, requests(), async ({ isPage, ...sent }) => {
      const answer = await knock({ agent: relay.agent }, sent);
      if (!isPage) expect([400, 401, 403], answer.body).toContain(answer.status);
      return answer;
    });
    process.stdout.write(`${JSON.stringify(sizes)}\n`);
  },
  REQUESTS_MS,
);
