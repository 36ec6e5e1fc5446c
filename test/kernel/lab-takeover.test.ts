/** A lab whose controller was killed goes on filtering, is taken over as it is, and goes without any file. */
import fs from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Cloud } from '../../src/cloud/types.js';
import { type HostState, readHostState } from './support/host-state.js';
import { startQuietHost } from './support/quiet-host.js';
import { type Connection, connect, serve } from './support/real-connection.js';
import { SMALL } from './support/small-lab.js';
import { kill, type TestHost } from './support/test-host.js';
import { until } from './support/until.js';

const WEB = { public: '', port: 8080, closed: 22 };
let host: TestHost;
let file: string;
let before: HostState;

beforeAll(async () => {
  ({ host, file, before } = await startQuietHost());
});
afterAll(() => host?.stop());

beforeEach(async () => {
  await up();
  const { cloud } = await host.json<{ cloud: Cloud }>(['status']);
  WEB.public = Object.values(cloud.networkInterfaces).find(({ publicIp }) => publicIp !== null)?.publicIp ?? '';
});
afterEach(async () => {
  await host.sglab(['down', SMALL.name]);
  await until('every process ends', () => host.processes().length === 0);
  expect(await readHostState(host)).toEqual(before);
});

async function up() {
  const { code, stderr } = await host.sglab(['up', file]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

async function startProgram() {
  const program = host.startSglab(['exec', 'app', '--', 'sleep', '1000']);
  await until('the program runs', () => host.processes(/^sleep\0/).length > 0);
  return program;
}

async function killController() {
  const pid = host.controller();
  kill(pid, 'SIGKILL');
  await until('the controller is gone', () => !host.processes().includes(pid));
}

const outcome = async (...words: string[]) =>
  (await host.json<{ outcome: string }>(['probe', 'office', 'web', ...words])).outcome;

describe('a lab whose controller was killed', () => {
  it('goes on filtering, and keeps connections and programs through the takeover', async () => {
    const program = await startProgram();
    const server = await host.withNetns('sglab-small-web', (netns) => serve(netns, WEB.port));
    const old = await connect(host, 'sglab-small-office', WEB.public, WEB.port);
    await killController();

    await expectStillFiltering(old, server);
    expect(await host.sglab(['probe', 'office', 'web', 'tcp/80'])).toMatchObject({ code: 2, stderr: /no controller/ });
    const { labs } = await host.json<{ labs: object[] }>(['ls']);
    expect(labs).toEqual([{ lab: 'small', keeper: 'nobody', pid: null, runDirectory: null }]);

    await up();
    await expectStillFiltering(old, server);
    expect(program.process.exitCode).toBeNull();
    expect(await outcome('tcp/80')).toBe('connected');
    expect(await outcome('tcp/22')).toBe('timed-out');
    server.close();
    old.close();
    await host.sglab(['down', SMALL.name]);
    expect((await program.result).code).toBe(143); // SIGTERM: it ended with its machine
  });

  it('is removed by the kernel’s own record when every file is lost', async () => {
    await killController();
    fs.rmSync(host.runDirectory, { recursive: true });
    expect(await host.sglab(['down', SMALL.name])).toMatchObject({ code: 0 });
    expect(host.namespaces()).toEqual([]);
  });

  it('keeps the changes that were made since', async () => {
    await host.json(['authorize', 'web', 'tcp/22', 'from', '0.0.0.0/0']);
    await killController();
    await up();
    expect(await outcome('tcp/22')).toBe('connected');
  });

  it('is consistent when it was killed during changes: what its status says is in force', async () => {
    const ports = Array.from({ length: 12 }, (_, at) => 7000 + at);
    const changes = ports.map((port) => host.startSglab(['authorize', 'web', `tcp/${port}`, 'from', '0.0.0.0/0']));
    await Promise.race(changes.map(({ result }) => result));
    await killController();
    const results = await Promise.all(changes.map(({ result }) => result));
    await up();
    const { rules } = await host.json<{ rules: { rule: string }[] }>(['rules', 'web']);
    for (const [at, port] of ports.entries()) {
      const isThere = rules.some(({ rule }) => rule.startsWith(`tcp/${port} `));
      if (results[at]?.code === 0) expect(isThere).toBe(true);
      expect(await outcome(`tcp/${port}`)).toBe(isThere ? 'refused' : 'timed-out');
    }
  });

  it('has the addresses of a changed file after the next up, and no others', async () => {
    const program = await startProgram();
    await killController();
    for (const last of [[201, 202], [202, 203], [203]] as const) {
      const [primary] = last;
      const first = last.map((each) => `10.0.1.${each}`);
      const second = last.map((each) => `10.0.1.${each - 100}`);
      const app = {
        interfaces: [
          { subnet: 's', securityGroups: 'web', privateIp: '10.0.1.77', secondaryIps: first },
          { subnet: 's', securityGroups: 'web', privateIp: '10.0.1.78', secondaryIps: second },
        ],
      };
      const changed = host.write('small.yaml', { ...SMALL, instances: { ...SMALL.instances, app } });
      expect(await host.sglab(['up', changed])).toMatchObject({ code: 0, stderr: '' });
      const ip = async (...words: string[]) => (await host.run('ip', words)).replace(/\s+/g, ' ');
      const inside = await ip('-n', 'sglab-small-app', '-4', '-br', 'address');
      expect(inside.match(/10\.0\.1\.\d+/g)).toEqual(['10.0.1.77', ...first, '10.0.1.78', ...second]);
      const rules = await ip('-n', 'sglab-small-app', 'rule');
      expect(rules.match(/10\.0\.1\.\d+/g)?.sort()).toEqual(['10.0.1.78', ...second].sort());
      expect(rules.match(/lookup (main|default)/g)).toEqual(['lookup main', 'lookup default']);
      const router = await ip('-n', 'sglab-small-v.vpc', 'route', 'show', 'dev', 'app.0');
      expect(router.match(/10\.0\.1\.\d+/g)?.sort()).toEqual(['10.0.1.77', ...first].sort());
      const probe = await host.json<{ outcome: string }>(['probe', `10.0.1.${primary - 100}`, 'web', 'tcp/80']);
      expect(probe.outcome).toBe('timed-out');
      expect(program.process.exitCode).toBeNull();
      await killController();
    }
    host.write('small.yaml', SMALL);
  });

  it('is begun anew by a run', async () => {
    const program = await startProgram();
    await killController();
    expect(await host.sglab(['run', file])).toMatchObject({ code: 0 });
    expect((await program.result).code).toBe(143);
  });
});

it('whose files are lost under its controller goes with it, and is nobody else’s until then', async () => {
  const pid = host.controller();
  fs.rmSync(host.runDirectory, { recursive: true });
  const { code, stderr } = await host.sglab(['up', file]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`in use by process ${pid}`) });
  expect(await host.sglab(['down', SMALL.name])).toMatchObject({ code: 0 });
  expect(host.processes()).not.toContain(pid);
  expect(host.namespaces()).toEqual([]);
});

it('goes on taking changes when an nft of its own was killed', async () => {
  for (const pid of host.processes(/^nft\0-i/)) kill(pid, 'SIGKILL');
  await until('they are gone', () => host.processes(/^nft\0-i/).length === 0);
  await host.json(['authorize', 'web', 'tcp/22', 'from', '0.0.0.0/0']);
  expect(await outcome('tcp/22')).toBe('connected');
});

/** Real packets, and the card's own count of what it dropped: no timeout decides. */
async function expectStillFiltering(old: Connection, server: { accepted: () => number }): Promise<void> {
  expect(await old.echoes()).toBe(true);
  const accepted = server.accepted();
  const fresh = await connect(host, 'sglab-small-office', WEB.public, WEB.port);
  expect(await fresh.echoes()).toBe(true);
  fresh.close();
  expect(server.accepted()).toBe(accepted + 1);
  const dropped = await drops();
  const denied = await connect(host, 'sglab-small-office', WEB.public, WEB.closed, 'unanswered');
  await until('the card counts a drop', async () => (await drops()) > dropped);
  expect(denied.state()).toBe('EALREADY');
  denied.close();
}

async function drops(): Promise<number> {
  const text = await host.run('nsenter', [
    `--net=/run/netns/sglab-small-web.eth0`,
    ...['nft', '-j', 'list', 'chain', 'inet', 'sg', 'drop-ingress'],
  ]);
  return Number(/"packets": (\d+)/.exec(text)?.[1]);
}
