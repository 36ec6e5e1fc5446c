/** What is not ours stays as it is, and labs do not meet. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type HostState, readHostState } from './support/host-state.js';
import { startQuietHost } from './support/quiet-host.js';
import { SMALL } from './support/small-lab.js';
import { kill, type TestHost } from './support/test-host.js';
import { until } from './support/until.js';

let host: TestHost;
let file: string;
let before: HostState;

beforeAll(async () => {
  ({ host, file, before } = await startQuietHost());
});
afterAll(() => host?.stop());
afterEach(async () => {
  await host.sglab(['down', '--all']);
  for (const name of host.namespaces()) await host.run('ip', ['netns', 'del', name]);
  await until('every process ends', () => host.processes().length === 0);
});

/** A controller that is ready starts its nft processes in the background; each is a copy of it for a moment. */
async function untilNothingStarts(): Promise<void> {
  let before = '';
  await until('no process starts any more', async () => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const last = before;
    before = JSON.stringify((await readHostState(host)).processes);
    return before === last;
  });
}

const PLAIN_VPC = { v: { cidr: '10.0.0.0/16', subnets: { s: { cidr: '10.0.1.0/24' } } } };

describe('a namespace of somebody else with one of our names', () => {
  it.each([
    ['an empty one', 'up', []],
    ['one with a link', 'up', ['link', 'add', 'br7', 'type', 'bridge']],
    ['an empty one', 'run', []],
    ['one with a link', 'run', ['link', 'add', 'br7', 'type', 'bridge']],
  ])('%s stops %s, and nothing happens to it', async (_kind, command, content) => {
    await host.run('ip', ['netns', 'add', 'sglab-small-web']);
    if (content.length > 0) await host.run('ip', ['-n', 'sglab-small-web', ...content]);
    const foreign = await readHostState(host);
    const links = await host.run('ip', ['-j', '-n', 'sglab-small-web', 'link']);
    const { code, stdout, stderr } = await host.sglab([command, file, '--json']);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('sglab-small-web') });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ForeignObject' } });
    expect(await readHostState(host)).toEqual(foreign);
    expect(await host.run('ip', ['-j', '-n', 'sglab-small-web', 'link'])).toBe(links);
    expect(await host.sglab(['down', '--all'])).toMatchObject({ code: 0 });
    expect(await readHostState(host)).toEqual(foreign);
  });
});

it('a lab that was changed and asked leaves nothing, nor does what it was changed and asked with', async () => {
  const uses = [
    ['up', file],
    ['probe', 'office', 'web', 'tcp/80'],
    ['revoke', 'web', 'tcp/80', 'from', '198.51.100.10/32'],
    ['conntrack'],
    ['advance', '5s'],
    ['down'],
  ];
  for (const use of uses) expect({ use, ...(await host.sglab(use)) }).toMatchObject({ use, code: 0 });
  await until('every process ends', () => host.processes().length === 0);
  expect(await readHostState(host)).toEqual(before);
});

describe('two labs', () => {
  it('with a namespace of the same name: the second is refused, the first unharmed', async () => {
    const first = host.write('a.yaml', {
      name: 'a',
      vpcs: PLAIN_VPC,
      instances: { 'b-web': { subnet: 's', listen: ['tcp/80'] }, app: { subnet: 's' } },
    });
    const second = host.write('ab.yaml', { name: 'a-b', vpcs: PLAIN_VPC, instances: { web: { subnet: 's' } } });
    expect(await host.sglab(['up', first])).toMatchObject({ code: 0 });
    await untilNothingStarts();
    const state = await readHostState(host);
    const { code, stderr } = await host.sglab(['up', second]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('do not belong to this lab') });
    expect(await readHostState(host)).toEqual(state);
    expect(await host.json(['probe', 'app', 'b-web', 'tcp/80'])).toMatchObject({ outcome: 'connected' });
    expect(await host.sglab(['down', 'a-b'])).toMatchObject({ code: 2 });
    expect(await readHostState(host)).toEqual(state);
  });

  it('with the same addresses do not disturb each other', async () => {
    const ups = ['one', 'two'].map((lab) => host.sglab(['up', file, '--lab', lab]));
    for (const { code, stderr } of await Promise.all(ups)) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const probe = async (lab: string) =>
      (await host.json<{ outcome: string }>(['probe', '--lab', lab, 'office', 'web', 'tcp/80'])).outcome;
    expect(await host.sglab(['probe', 'office', 'web', 'tcp/80'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one, two'),
    });
    await host.json(['revoke', '--lab', 'one', 'web', 'tcp/80', 'from', '198.51.100.10/32']);
    expect([await probe('one'), await probe('two')]).toEqual(['timed-out', 'connected']);
    expect(await host.sglab(['down', 'one'])).toMatchObject({ code: 0 });
    expect(await probe('two')).toBe('connected');
    expect(host.namespaces().filter((name) => !name.startsWith('sglab-two-'))).toEqual([]);
    expect(await host.sglab(['down'])).toMatchObject({ code: 0 });
    expect(await readHostState(host)).toEqual(before);
  });

  it('of one name: the second run is refused, the first goes on', async () => {
    const go = path.join(host.runDirectory, SMALL.name, 'machines/web/go');
    const waiting = host.write('waiting.yaml', {
      ...SMALL,
      steps: [{ exec: { on: 'web', run: 'until [ -e go ]; do sleep 0.02; done', within: '2m' } }, ...SMALL.steps],
    });
    const first = host.startSglab(['run', waiting]);
    await until('the first runs its step', () => host.processes(/^(\/bin\/)?sh\0.*until \[ -e/).length > 0);
    for (const command of ['run', 'up']) {
      const { code, stderr } = await host.sglab([command, waiting]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`process ${first.pid}`) });
      // What is advised has to work: `down` is refused, a signal is not.
      expect(stderr).toContain(`kill ${first.pid}`);
      expect(stderr).not.toContain('sglab down');
    }
    expect(await host.sglab(['down', 'small'])).toMatchObject({ code: 2, stderr: expect.stringContaining('in use') });
    expect(await host.json(['ls'])).toEqual({
      labs: [{ lab: 'small', keeper: 'run', pid: first.pid, runDirectory: host.runDirectory }],
    });
    fs.writeFileSync(go, '');
    expect(await first.result).toMatchObject({ code: 0 });
    expect(await readHostState(host)).toEqual(before);
  });

  it('of one name, the first one up: the advised `down` makes room for the second', async () => {
    await host.json(['up', file]);
    const { code, stderr } = await host.sglab(['run', file]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('end it with `sglab down small`') });
    expect(await host.sglab(['down', 'small'])).toMatchObject({ code: 0 });
    expect(await host.sglab(['run', file])).toMatchObject({ code: 0 });
  });

  it('two downs at once: both end well or know nothing of it', async () => {
    await host.json(['up', file]);
    const downs = await Promise.all([host.sglab(['down', 'small']), host.sglab(['down', 'small'])]);
    for (const { code, stderr } of downs) if (code !== 0) expect(stderr).toContain('there is no lab');
    expect(downs.some(({ code }) => code === 0)).toBe(true);
    expect(await readHostState(host)).toEqual(before);
  });
});

describe('a lab that is being built', () => {
  /** Large enough that a command comes while it is being built. */
  const instances = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`m${index}`, { subnet: 's', securityGroups: 'web' }]),
  );
  const large = () => host.write('large.yaml', { ...SMALL, instances: { ...SMALL.instances, ...instances } });

  const startBuilding = async () => {
    const client = host.startSglab(['up', large()]);
    const lock = path.join(host.runDirectory, SMALL.name, 'lock');
    await until('the controller holds the lab', () => fs.existsSync(lock) && host.controllers().length > 0);
    return client;
  };

  it('goes on without the client that asked for it, and whoever comes waits for it', async () => {
    const client = await startBuilding();
    kill(client.pid, 'SIGKILL');
    const [up, probe, ls] = await Promise.all([
      host.sglab(['up', large(), '--json']),
      host.sglab(['probe', 'office', 'web', 'tcp/80', '--json']),
      host.json(['ls']),
    ]);
    expect({ code: up.code, stderr: up.stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(up.stdout)).toMatchObject({ lab: 'small', machines: 104 });
    expect(ls).toMatchObject({ labs: [{ lab: 'small', keeper: 'controller' }] });
    expect(JSON.parse(probe.stdout)).toMatchObject({ outcome: 'connected' });
    expect(host.controllers()).toHaveLength(1);
  });

  it('is everybody’s who builds it from the same file', async () => {
    const ups = await Promise.all([1, 2, 3].map(() => host.sglab(['up', file])));
    for (const { code, stderr } of ups) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(host.controllers()).toHaveLength(1);
  });

  it('is taken down at once', async () => {
    const client = await startBuilding();
    expect(await host.sglab(['down'])).toMatchObject({ code: 0 });
    expect((await client.result).code).not.toBe(0);
    expect(await readHostState(host)).toEqual(before);
  });
});

describe('a lab of another run directory', () => {
  const elsewhere = () => ({ env: { SGLAB_RUN_DIR: path.join(host.directory, 'elsewhere') } });

  it('that a controller holds is no other process’s to change or to take down', async () => {
    expect(await host.sglab(['up', file], elsewhere())).toMatchObject({ code: 0 });
    await host.json(['up', file, '--lab', 'mine']);
    await untilNothingStarts();
    const pids = host.controllers();
    const { SGLAB_RUN_DIR: runDirectory } = elsewhere().env;
    const { labs } = await host.json<{ labs: { lab: string }[] }>(['ls']);
    const theirs = labs.find(({ lab }) => lab === 'small');
    expect(theirs).toEqual({ lab: 'small', keeper: 'elsewhere', pid: expect.any(Number), runDirectory });
    const state = host.namespaces();
    for (const args of [
      ['down', 'small'],
      ['up', file],
      ['run', file],
    ]) {
      const { code, stderr } = await host.sglab(args);
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toMatch(/in use by process \d+ \(sglab controller .*\) of the run directory/);
      expect(stderr).toContain(`SGLAB_RUN_DIR=${runDirectory} sglab down small`);
    }
    expect({ namespaces: host.namespaces(), pids: host.controllers() }).toEqual({
      namespaces: state,
      pids,
    });
    expect(await host.json(['down', '--all'])).toEqual({
      down: ['mine'],
      spared: [{ lab: 'small', pid: expect.any(Number), command: expect.stringMatching(/^controller /), runDirectory }],
    });
    const { stdout } = await host.sglab(['probe', 'office', 'web', 'tcp/80', '--json'], elsewhere());
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'connected' });
    expect((await host.sglab(['down', '--all'])).stdout).toMatch(/^small stays: process \d+ /);
    // What is advised has to work.
    expect(await host.sglab(['down', 'small'], elsewhere())).toMatchObject({ code: 0, stdout: 'small is down\n' });
    expect(await readHostState(host)).toEqual(before);
  });

  it('that a controller without files holds, too, until it is told to end', async () => {
    expect(await host.sglab(['up', file], elsewhere())).toMatchObject({ code: 0 });
    await untilNothingStarts();
    fs.rmSync(elsewhere().env.SGLAB_RUN_DIR, { recursive: true, maxRetries: 10 }); // its log may be written meanwhile
    expect(await host.sglab(['down', 'small'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('in use by'),
    });
    expect(await host.sglab(['down', 'small'], elsewhere())).toMatchObject({ code: 0 });
    expect(await readHostState(host)).toEqual(before);
  });

  it('whose controller was killed is an orphan: anybody takes it down', async () => {
    expect(await host.sglab(['up', file], elsewhere())).toMatchObject({ code: 0 });
    const pid = host.controller();
    process.kill(pid, 'SIGKILL');
    await until('the controller is gone', () => !host.controllers().includes(pid));
    expect(await host.json(['down', '--all'])).toEqual({ down: ['small'], spared: [] });
    expect(host.namespaces()).toEqual([]);
  });
});

describe('a hostile name for a lab', () => {
  it.each(['../x', 'a;reboot', '\x1b[31m', 'a'.repeat(300)])('%j is refused', async (name) => {
    const commands = [
      ['up', file, `--lab=${name}`],
      ['run', file, `--lab=${name}`],
      ['down', '--', name],
    ];
    for (const { code, stderr } of await Promise.all(commands.map((args) => host.sglab(args)))) {
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/cannot be the name|no lab/) });
      expect(stderr).not.toContain('\x1b');
    }
    expect(await readHostState(host)).toEqual(before);
    expect(fs.readdirSync(host.directory)).not.toContain('x');
  });
});
