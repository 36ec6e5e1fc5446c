/** `sglab capture` while probes run, read back by tcpdump and by a reader of the test's own. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePacket } from '../../src/observe/packet.js';
import { type ReadPacket, readPcapng } from './support/read-pcapng.js';
import { RunningLab } from './support/running-lab.js';
import { SMALL } from './support/small-lab.js';
import { MAIN, type Result, type Started } from './support/test-host.js';

const ETHERNET_HEADER = 14;

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up({ ...SMALL, steps: [] });
});
afterAll(() => lab?.stop());

/** Resolves when it captures. */
async function start(...args: string[]): Promise<Started> {
  const started = lab.host.startSglab(['capture', ...args]);
  const { stderr } = started.process;
  if (stderr === null) throw new Error('no stderr');
  await Promise.race([once(stderr, 'data'), started.result]);
  return started;
}

async function stop(started: Started): Promise<Result> {
  process.kill(started.pid, 'SIGINT');
  return await started.result;
}

const file = (name: string) => path.join(lab.host.directory, name);
const portOf = ({ frame }: ReadPacket) => parsePacket(frame.subarray(ETHERNET_HEADER))?.destinationPort ?? 0;

describe('a file', () => {
  it('holds what several instances see, in time order, and nothing that was dropped', async () => {
    const target = file('seen.pcapng');
    const before = BigInt(Date.now()) * 1000n;
    const capture = await start('web', 'small/app', '-w', target, '--filter', 'tcp');
    expect(await lab.probe('office -> web tcp/80')).toMatchObject({ outcome: 'connected' });
    expect(await lab.probe('office -> web tcp/22')).toMatchObject({ outcome: 'timed-out' });
    expect(await lab.probe('app -> web tcp/22')).toMatchObject({ stage: 'sg-ingress' });
    const { code, stdout, stderr } = await stop(capture);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/\d+ packets in .*: \d+ at web\.eth0, \d+ at app\.eth0/);
    const { interfaces, packets } = readPcapng(fs.readFileSync(target));
    expect(interfaces).toEqual(['web.eth0', 'app.eth0']);
    const times = packets.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => Number(a - b)));
    expect(times.every((time) => time >= before && time <= BigInt(Date.now()) * 1000n)).toBe(true);
    const at = (name: string) => packets.filter((packet) => packet.interface === name);
    expect(at('web.eth0').map(portOf)).toContain(80);
    expect(at('web.eth0').map(portOf)).not.toContain(22);
    expect(at('app.eth0').map((packet) => [portOf(packet), packet.direction])).toEqual([[22, 2]]);
    expect(packets.flatMap(({ comments }) => comments)).toEqual([]);
    const text = await lab.host.run('tcpdump', ['-nr', target]);
    expect(text.trim().split('\n')).toHaveLength(packets.length);
    expect(text).toMatch(/198\.51\.100\.10\.\d+ > 10\.0\.1\.4\.80: Flags \[S\]/);
  });

  it('that explains itself says by which rule packets passed, and who dropped the others', async () => {
    const target = file('explained.pcapng');
    const capture = await start('web', '--explain', '-w', target, '--filter', 'tcp');
    const passed = await lab.probe('office -> web tcp/80');
    await lab.probe('office -> web tcp/22');
    expect((await stop(capture)).code).toBe(0);
    const { interfaces, packets } = readPcapng(fs.readFileSync(target));
    expect(interfaces).toEqual(['web.eth0', 'web.eth0 card']);
    const rule = passed.path.find(({ stage }) => stage === 'sg-ingress')?.rule;
    const first = packets.find((packet) => packet.interface === 'web.eth0' && portOf(packet) === 80);
    expect(first?.comments).toEqual([
      expect.stringContaining(`web.eth0 card: passed sg-ingress by ${rule} (web: tcp/80`),
    ]);
    const dropped = packets.filter((packet) => packet.interface === 'web.eth0 card');
    expect(dropped.map(portOf)).toEqual([22]);
    expect(dropped[0]?.comments).toEqual([
      "web.eth0 card: dropped at sg-ingress: no ingress rule of web.eth0's security groups (web) allows tcp/22 from 198.51.100.10",
    ]);
    if (spawnSync('tshark', ['-v']).error === undefined) {
      const fields = ['-T', 'fields', '-e', 'frame.interface_name', '-e', 'frame.comment', '-Y', 'frame.comment'];
      const text = await lab.host.run('tshark', ['-r', target, ...fields]);
      expect(text).toContain('web.eth0 card\tweb.eth0 card: dropped at sg-ingress');
    }
  });

  it.each([
    ['tcpdump -nr -', /rc 0\n/],
    ['true', /nobody reads the captured packets.*\n.*\nrc 1\n/],
  ])('may be a pipe to %s', async (reader, said) => {
    const words = `("$0" "$1" capture web -w - --count 4; echo rc $? >&2) | ${reader} & sleep 2; "$0" "$1" probe office web tcp/80 >&2; wait`;
    const { stdout, stderr } = await lab.host.start('sh', ['-c', words, process.execPath, MAIN]).result;
    expect(stderr).toMatch(said);
    if (reader !== 'true') expect(stdout.trim().split('\n')).toHaveLength(4);
  });
});

it('lines name time, interface, direction, ends, flags and length, with the verdict below', async () => {
  const capture = await start('web', '--explain', '--count', '2', '--filter', 'tcp port 80 or tcp port 22');
  await lab.probe('office -> web tcp/22');
  await lab.probe('office -> web tcp/80');
  const { code, stdout } = await capture.result;
  expect(code).toBe(0);
  const [dropped = '', verdict = '', seen = ''] = stdout.split('\n');
  expect(dropped).toMatch(
    /^\d\d:\d\d:\d\d\.\d{6} +web\.eth0 card +in +198\.51\.100\.10:\d+ > 10\.0\.1\.4:22 +tcp SYN \d+ bytes$/,
  );
  expect(verdict).toContain('dropped at sg-ingress');
  expect(seen).toMatch(/ web\.eth0 +in +198\.51\.100\.10:\d+ > 10\.0\.1\.4:80 +tcp SYN/);
});

it('--json is one document with the packets', async () => {
  const capture = await start('office', '--json', '--count', '1', '--filter', 'tcp');
  await lab.probe('office -> web tcp/80');
  const { stdout } = await capture.result;
  expect(JSON.parse(stdout)).toMatchObject({
    lab: 'small',
    count: 1,
    lost: 0,
    ended: 'count',
    packets: [{ interface: 'office.eth0', direction: 'out', protocol: 'tcp', flags: 'SYN', comments: [] }],
  });
});

it.each([
  [['wep'], 2, /there is no machine wep.*\n.*did you mean "web"/],
  [['web', '--filter', 'tcp prt'], 2, /is no filter: .*syntax error/],
  [['web', '-w', '/nowhere/f'], 2, /cannot be written: ENOENT/],
  [['web', '-w', '/dev/full'], 3, /no space left on device/],
  [['web', '-w', '-', '--json'], 2, /both want standard output/],
  [['web', '--for', 'ever'], 2, /is not a length of time/],
  [['web', '--count', '0'], 2, /is not a number of packets/],
  [['web', 'other/app', 'small/app'], 2, /one lab/],
])('%j is refused', async (args, code, message) => {
  expect(await lab.host.sglab(['capture', ...args])).toMatchObject({ code, stderr: expect.stringMatching(message) });
});

it('ends with the lab', async () => {
  const capture = await start('web', '--explain');
  await lab.host.sglab(['down']);
  expect(await capture.result).toMatchObject({ code: 0, stderr: expect.stringContaining('the lab went down') });
});
