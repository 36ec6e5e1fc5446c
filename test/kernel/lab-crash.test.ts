/** Whatever is killed, and whenever: the next command converges, and the host ends as it was. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mutation } from '../../src/changes/verbs.js';
import { parseProbe } from '../../src/cloud/text/probe.js';
import { call } from '../../src/controller/client.js';
import { planLab } from '../../src/lab/plan-lab.js';
import { type HostState, readHostNetwork, readHostState } from './support/host-state.js';
import { startQuietHost } from './support/quiet-host.js';
import { randomNumbers } from './support/seeded-random.js';
import { SMALL } from './support/small-lab.js';
import { kill, MAIN, type TestHost } from './support/test-host.js';
import { until } from './support/until.js';

const seed = Number(process.env.SGLAB_TEST_SEED ?? randomInt(2 ** 31));
const MOMENTS = 4;
/** Comes and goes with a public address: gateway, internet and router change with it. */
const NEWCOMER = {
  subnet: 's',
  groups: ['web'],
  privateIp: null,
  publicIp: true,
  listen: [{ protocol: 'tcp', port: 80 }],
} as const;
const COMMANDS = ['up', 'run', 'down'] as const;
type Command = (typeof COMMANDS)[number];

let host: TestHost;
let file: string;
let before: HostState;
const duration: Record<Command, number> = { up: 0, run: 0, down: 0 };

beforeAll(async () => {
  ({ host, file, before } = await startQuietHost());
  for (const command of ['run', 'up', 'down'] as const) duration[command] = (await succeed(command)).ms;
});
afterAll(() => host?.stop());

const argumentsOf = (command: Command) => (command === 'down' ? ['down', SMALL.name] : [command, file]);

async function succeed(command: Command) {
  const result = await host.sglab(argumentsOf(command));
  expect(result, `${command}: ${result.stderr}`).toMatchObject({ code: 0 });
  return result;
}

/** Every process of sglab's own; the tools that it started live on and do what they were told. */
function killEverySglab(): void {
  for (const pid of host.processes(/cli\/main\.js/)) kill(pid, 'SIGKILL');
}

async function expectHostAsItWas(): Promise<void> {
  // What was killed may take a moment to end.
  await until('every process ends', () => host.processes().length === 0);
  expect(await readHostState(host)).toEqual(before);
}

const random = randomNumbers(seed);

/** Moments spread over a command's duration, from a seed: one somewhere in each of equal parts. */
function moments(command: Command): { readonly part: number; readonly percent: string; readonly next: Command }[] {
  const inPart = Array.from({ length: MOMENTS }, random);
  const offset = COMMANDS.indexOf(command);
  return inPart.map((within, at) => ({
    part: (at + within) / MOMENTS,
    percent: (((at + within) / MOMENTS) * 100).toFixed(),
    next: COMMANDS[(at + offset) % COMMANDS.length] ?? 'up',
  }));
}

it('a run, an up and a down leave the host as it was', expectHostAsItWas);

it('a lab that is up has touched nothing of the host’s own network', async () => {
  await succeed('up');
  expect(await readHostNetwork(host)).toEqual(before.network);
  expect((await readHostState(host)).namespaces).toEqual(
    expect.arrayContaining([expect.stringMatching(/^sglab-small-/)]),
  );
  await succeed('down');
});

describe(`kill -9 at random moments (SGLAB_TEST_SEED=${seed})`, () => {
  const cases = COMMANDS.flatMap((command) => moments(command).map((moment) => ({ command, ...moment })));
  it.each(cases)('$command killed at $percent % of its duration, then $next', async ({ command, part, next }) => {
    if (command === 'down') await succeed('up');
    const victim = host.startSglab(argumentsOf(command));
    await sleep(part * duration[command]);
    killEverySglab();
    await victim.result;
    // Nothing may be left of it, or everything may be: `down` of a lab that is gone says so.
    const { code, stderr } = await host.sglab(argumentsOf(next));
    if (next !== 'down' || code !== 2) expect({ code, stderr }).toMatchObject({ code: 0 });
    else expect(stderr).toContain('there is no lab');
    if (next === 'up') await succeed('down');
    await expectHostAsItWas();
  });
});

describe(`kill -9 amid changes of machines (SGLAB_TEST_SEED=${seed})`, () => {
  const change = (mutation: Mutation) => call(SMALL.name, 'mutate', { mutation });
  const round = async (name: string) => {
    await change({ type: 'launch', machine: { ...NEWCOMER, name } });
    await change({ type: 'terminate', machine: name });
  };

  it.each(moments('up'))('at $percent % of a round, then up', async ({ part }) => {
    await succeed('up');
    process.env.SGLAB_RUN_DIR = host.runDirectory;
    const started = performance.now();
    await round('new-0');
    const duration = performance.now() - started;
    const rounds = (async () => {
      for (let at = 1; ; at++) await round(`new-${at % 2}`);
    })().catch(() => {}); // its lab's process is killed
    await sleep(duration * (1 + part));
    killEverySglab();
    await rounds;
    await succeed('up');
    const { cloud } = await call(SMALL.name, 'status', {});
    expect(host.namespaces()).toEqual([...planLab(cloud).keys()].sort());
    await round('newer'); // the one that was under way may be there
    expect(await call(SMALL.name, 'probe', { probe: parseProbe('office -> web tcp/80') })).toMatchObject({
      outcome: 'connected',
    });
    await succeed('down');
    await expectHostAsItWas();
  });
});

describe('a signal that asks', () => {
  it.each([
    ['up', 'SIGINT'],
    ['up', 'SIGTERM'],
    ['run', 'SIGINT'],
    ['run', 'SIGTERM'],
    ['run', 'SIGHUP'],
  ] as const)('%s ended by %s takes its lab down before it ends', async (command, signal) => {
    const started = host.startSglab(argumentsOf(command));
    await until('the first namespace is there', () => host.namespaces().length > 0);
    kill(started.pid, signal);
    kill(started.pid, signal); // an impatient user
    const { code, stderr } = await started.result;
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('interrupted') });
    await expectHostAsItWas();
  });

  it('SIGTERM for the controller takes its lab down', async () => {
    await succeed('up');
    kill(host.controller(), 'SIGTERM');
    await expectHostAsItWas();
  });
});

it('tools that outlive a killed process do not go on making namespaces', async () => {
  // A loaded machine: each namespace takes its time.
  const slow = host.writeTool('ip', 'while read -r line; do sleep 0.05; echo "$line" | /sbin/ip -batch -; done');
  const started = host.startSglab(['run', file], { env: { PATH: `${slow}:${process.env.PATH}` } });
  await until('some namespaces are there', () => host.namespaces().length > 2);
  kill(started.pid, 'SIGKILL');
  await started.result;
  await succeed('down');
  await expectHostAsItWas();
});

it('a reader that goes away does not leave the lab behind', async () => {
  const tooMuch = host.start('sh', ['-c', 'exec 2>&1; "$0" "$1" run "$2" "$2" | true', process.execPath, MAIN, file]);
  await tooMuch.result;
  await expectHostAsItWas();
});
