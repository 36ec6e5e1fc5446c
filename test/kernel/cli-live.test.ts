/** Commands for a lab that is up: programs inside machines, changes, the matrix. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bindSocket, closeSocket, openSocket } from '../../src/kernel/sockets.js';
import { RunningLab } from './support/running-lab.js';
import { kill, MAIN, type TestHost } from './support/test-host.js';
import { until } from './support/until.js';

const PORTS = ['tcp/1001', 'tcp/1002', 'tcp/1003'];
const MACHINES = 20;
const inside = (from: string, ...ports: number[]) => ports.map((port) => ({ protocol: 'tcp', ports: port, from }));

const DEFINITION = {
  name: 'crowd',
  vpcs: { v: { cidr: '10.0.0.0/16', subnets: { s: { cidr: '10.0.1.0/24' } } } },
  securityGroups: {
    red: { ingress: [...inside('red', 1001), ...inside('10.0.0.0/16', 1002)] },
    blue: { ingress: inside('10.0.0.0/16', 1002) },
  },
  instances: {
    red: { subnet: 's', securityGroups: 'red', listen: PORTS, count: MACHINES / 2 },
    blue: { subnet: 's', securityGroups: 'blue', listen: PORTS, count: MACHINES / 2 },
  },
};

/** Counts the signals until none has come for a second after the first one. */
const COUNTER = `
import signal, sys, time
count = 0
def on(*_):
    global count
    count += 1
signal.signal(signal.SIGINT, on)
print('ready', file=sys.stderr, flush=True)
while count == 0: time.sleep(0.01)
time.sleep(1)
print(count)`;

let lab: RunningLab;
let host: TestHost;
beforeAll(async () => {
  lab = await RunningLab.up(DEFINITION);
  host = lab.host;
});
afterAll(() => lab?.stop());

describe('exec', () => {
  const exec = (machine: string, ...argv: string[]) => host.sglab(['exec', machine, '--', ...argv]);

  it('passes on the exit code, both outputs and the input', async () => {
    const words = 'cat; echo "err $1" >&2; exit 7';
    const started = host.startSglab(['exec', 'red-1', '--', 'sh', '-c', words, 'sh', 'a b;$x'], { input: 'in\n' });
    expect(await started.result).toMatchObject({ code: 7, stdout: 'in\n', stderr: 'err a b;$x\n' });
    expect(await exec('red-1', 'sh', '-c', 'kill -9 $$')).toMatchObject({ code: 137 });
    expect(await exec('red-1', 'no-such-program')).toMatchObject({ code: 127 });
  });

  it('shows the machine its own name, the others’ names and its own links only', async () => {
    const look = 'hostname; cat /etc/hosts; ls /sys/class/net; ip -o link | wc -l';
    const { stdout } = await exec('crowd/red-1', 'sh', '-c', look);
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toBe('red-1');
    expect(lines).toEqual(expect.arrayContaining(['10.0.1.4 red-1', '10.0.1.5 red-2']));
    expect(lines.slice(-3)).toEqual(['eth0', 'lo', '2']);
  });

  it('lets a program reach another machine by its name', async () => {
    expect(await exec('red-2', 'sh', '-c', 'curl -sS http://red-1:1001/')).toMatchObject({
      code: 0,
      stdout: 'this is red-1\n',
    });
  });

  it.each(['the wrapper alone', 'the whole group'])('a SIGINT for %s reaches its program once', async (whom) => {
    const started = host.start('setsid', [process.execPath, MAIN, 'exec', 'red-1', '--', 'python3', '-c', COUNTER]);
    await new Promise((resolve) => started.process.stderr?.once('data', resolve));
    process.kill(whom === 'the whole group' ? -started.pid : started.pid, 'SIGINT');
    expect(await started.result).toMatchObject({ code: 0, stdout: '1\n' });
  });

  it('ends its program when it is ended', async () => {
    const started = host.startSglab(['exec', 'red-1', '--', 'sleep', '1000']);
    await until('the program runs', () => host.processes(/^sleep\0/).length > 0);
    kill(started.pid, 'SIGTERM');
    await started.result;
    await until('the program is gone', () => host.processes(/^sleep\0/).length === 0);
  });
});

describe('changes', () => {
  it('are in force when the command returns', async () => {
    for (let round = 0; round < 3; round++) {
      await host.json(['authorize', 'blue', 'tcp/1003', 'from', '10.0.0.0/16']);
      expect(await lab.probe('red-1 -> blue-1 tcp/1003')).toMatchObject({ outcome: 'connected' });
      await host.json(['revoke', 'blue', 'tcp/1003', 'from', '10.0.0.0/16']);
      expect(await lab.probe('red-1 -> blue-1 tcp/1003')).toMatchObject({ outcome: 'timed-out' });
    }
    for (let round = 0; round < 50; round++) {
      await lab.authorize('blue', 'tcp/1003 from red');
      expect(await lab.probe('red-1 -> blue-1 tcp/1003')).toMatchObject({ outcome: 'connected' });
      await lab.revoke('blue', 'tcp/1003 from red');
      expect(await lab.probe('red-1 -> blue-1 tcp/1003')).toMatchObject({ outcome: 'timed-out' });
    }
  });

  it.each(['tcp', 'udp'] as const)('a server on a %s port that is taken changes nothing', async (protocol) => {
    const before = await lab.cloud();
    const kind = protocol === 'tcp' ? 'stream' : 'dgram';
    const fd = await host.withNetns('sglab-crowd-blue-2', (netns) => openSocket(netns, kind, 'ipv4'));
    expect(bindSocket(fd, '0.0.0.0', 4001)).toBeNull();
    const listen = [4000, 4001].map((port) => ({ protocol, port }));
    const mutation = { type: 'listen', on: 'blue-2', listeners: listen } as const;
    await expect(lab.mutate(mutation)).rejects.toMatchObject({
      code: 'PortTaken',
      message: expect.stringContaining(`${protocol}/4001 of blue-2 is taken`),
    });
    expect(await lab.cloud()).toEqual(before);
    closeSocket(fd);
    // Neither is the port before it held, nor do the servers count as running.
    await lab.mutate(mutation);
    await lab.mutate({ ...mutation, type: 'close' });
  });

  it('of many clients at once are all made', async () => {
    const ports = Array.from({ length: 20 }, (_, at) => 2000 + at);
    const done = await Promise.all(
      ports.map((port) => host.sglab(['authorize', 'blue', `tcp/${port}`, 'from', '10.0.0.0/16'])),
    );
    expect(done.map(({ code }) => code)).toEqual(ports.map(() => 0));
    for (const port of ports) expect((await lab.probe(`red-1 -> blue-1 tcp/${port}`)).outcome).toBe('refused');
  });
});

it('matrix counts every pair', async () => {
  interface Cell {
    readonly question: string;
    readonly outcome: string;
    readonly stage: string | null;
  }
  const { cells, names, ms } = await host.json<{ cells: Cell[]; names: string[]; ms: number }>(['matrix']);
  expect(names).toHaveLength(MACHINES);
  const pairs = MACHINES * (MACHINES - 1);
  const half = MACHINES / 2;
  const count = (question: string, outcome: string) =>
    cells.filter((cell) => cell.question === question && cell.outcome === outcome).length;
  expect(cells).toHaveLength(3 * pairs);
  expect(count('tcp/1001', 'connected')).toBe(half * (half - 1));
  expect(count('tcp/1001', 'timed-out')).toBe(pairs - half * (half - 1));
  expect(count('tcp/1002', 'connected')).toBe(pairs);
  expect(count('tcp/1003', 'timed-out')).toBe(pairs);
  expect(cells.every(({ outcome, stage }) => outcome === 'connected' || stage === 'sg-ingress')).toBe(true);
  process.stderr.write(`matrix of ${MACHINES} x 3: ${ms.toFixed()} ms\n`);
});

it.each([
  ['an address that no machine has', ['203.0.113.99', '--port', 'tcp/1001'], /no machine of the lab/],
  ['no common address family', ['blue-1', '--port', 'icmpv6'], /no IPv6 address/],
])('matrix shows a cell as unknown: %s', async (_why, words, reason) => {
  const { code, stdout } = await host.sglab(['matrix', 'red-1', ...words, '--json']);
  expect(code).toBe(4);
  const { cells } = JSON.parse(stdout) as { cells: { outcome: string; explanation: string }[] };
  const unknown = { outcome: 'unknown', explanation: expect.stringMatching(reason) };
  expect(cells).toMatchObject([unknown, unknown]);
  const text = await host.sglab(['matrix', 'red-1', ...words]);
  expect(text).toMatchObject({ code: 4, stdout: expect.stringMatching(/1 red-1 +\?\n/) });
});
