/** A controller that is broken ends, and one that is stuck keeps nobody waiting. */
import fs from 'node:fs';
import net from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { call } from '../../src/controller/client.js';
import { controlSocket } from '../../src/lab/run-directory.js';
import { FaultyLab } from './support/faulty-lab.js';
import { SMALL } from './support/small-lab.js';
import { kill } from './support/test-host.js';
import { until } from './support/until.js';

let lab: FaultyLab;
beforeAll(async () => {
  lab = await FaultyLab.start();
});
beforeEach(async () => {
  expect(await lab.up()).toMatchObject({ code: 0 });
});
afterAll(() => lab?.stop());

/** Clients have no other sockets than the one to the controller. */
function socketsOf(pid: number): number {
  const links = fs.readdirSync(`/proc/${pid}/fd`).map((fd) => readLink(`/proc/${pid}/fd/${fd}`));
  return links.filter((link) => link.startsWith('socket:')).length - STDIO_SOCKETS;
}

/** Node gives a child sockets, not pipes. */
const STDIO_SOCKETS = 3;

function readLink(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return ''; // closed meanwhile
  }
}

it.each([
  ['an exception that nobody catches', 'SIGUSR1', 'a planted defect'],
  ['a rejection that nobody handles', 'SIGPWR', 'a planted rejection'],
] as const)('%s ends it; the lab filters, and the next command says where its words are', async (_, signal, words) => {
  const namespaces = lab.host.namespaces();
  kill((await call(SMALL.name, 'status', {})).pid, signal);
  await until('the controller ends', () => lab.host.controllers().length === 0);
  expect(lab.host.namespaces()).toEqual(namespaces);
  const log = `${lab.host.runDirectory}/${SMALL.name}/controller.log`;
  expect(fs.readFileSync(log, 'utf8')).toContain(words);
  const { code, stderr } = await lab.host.sglab(['status']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(log) });
  // The lock is free.
  const again = await lab.up();
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining(`${log}.before`) });
  expect(fs.readFileSync(`${log}.before`, 'utf8')).toContain(words);
});

it('one that lacks descriptors refuses, and serves again when it has some', async () => {
  const pid = lab.host.controller();
  await lab.host.run('prlimit', ['--pid', String(pid), '--nofile=20:']);
  const { code, stderr } = await lab.host.sglab(['status']);
  expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(`process ${pid}) hung up`) });
  await lab.host.run('prlimit', ['--pid', String(pid), '--nofile=1024:']);
  expect(await lab.host.json(['status'])).toMatchObject({ pid });
});

it('one that lacks descriptors can be taken down', async () => {
  await lab.host.run('prlimit', ['--pid', String(lab.host.controller()), '--nofile=3:']); // not even to hang up
  await lab.host.json(['down', '--timeout', '2']);
  expect(lab.host.namespaces()).toEqual([]);
});

it('one that is stopped is named, with the ways out; what was asked meanwhile does not happen', async () => {
  const pid = lab.host.controller();
  kill(pid, 'SIGSTOP');
  try {
    // Which labs there are needs no controller.
    expect(await lab.host.json(['ls'])).toMatchObject({ labs: [{ lab: 'small', keeper: 'controller', pid }] });
    for (const command of [['status'], ['down'], ['probe', 'office', 'web', 'tcp/80'], ['up', lab.file]]) {
      const { code, stderr } = await lab.host.sglab([...command, '--timeout', '1']);
      expect(code, command[0]).toBe(3);
      const parts = [`(process ${pid}, which is stopped)`, `kill -CONT ${pid}`, `kill -KILL ${pid}`];
      for (const part of parts) expect(stderr, command[0]).toContain(part);
    }
    const started = lab.host.startSglab(['up', lab.file], { env: { SGLAB_TIMEOUT: '100000' } });
    await until('it waits for the controller', () => socketsOf(started.pid) > 0);
    kill(started.pid, 'SIGINT');
    expect(await started.result).toMatchObject({ code: 130 });
  } finally {
    kill(pid, 'SIGCONT');
  }
  expect(await lab.host.json(['status'])).toMatchObject({ pid });
});

it('half requests neither stay nor keep a client out', async () => {
  const sockets = Array.from({ length: 520 }, () => {
    const socket = net.connect(controlSocket(SMALL.name));
    socket.on('error', () => {}).write('POST /status HTTP/1.1\r\nHost: lab\r\n');
    return socket.resume();
  });
  try {
    expect(await call(SMALL.name, 'status', {})).toMatchObject({ lab: SMALL.name });
    await until('every one is destroyed', () => sockets.every(({ destroyed }) => destroyed), 120_000);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});
