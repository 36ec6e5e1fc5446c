/** Time that is moved: the kernel's own records of connections and of timed elements grow older at once. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../src/controller/client.js';
import { listConntrack } from '../../src/kernel/conntrack.js';
import { ageConntrack } from '../../src/kernel/conntrack-time.js';
import type { Netns } from '../../src/kernel/netns.js';
import { ageElements, listTimedElements } from '../../src/kernel/nft-elements.js';
import { run } from '../../src/kernel/process.js';
import { load, removeNetns, scratchNetns } from './ruleset-rig.js';
import { connect, serve } from './support/real-connection.js';
import { RunningLab } from './support/running-lab.js';
import { SMALL } from './support/small-lab.js';

describe('the records of a namespace', () => {
  let netns: Netns;
  beforeAll(async () => {
    netns = await scratchNetns('time');
  });
  afterAll(() => removeNetns(netns));

  async function remember(entries: readonly string[]): Promise<void> {
    const file = path.join(os.tmpdir(), `${netns.name}.conntrack`);
    fs.writeFileSync(file, `${entries.join('\n')}\n`);
    try {
      await run('conntrack', ['-R', file], { namespace: netns });
    } finally {
      fs.rmSync(file);
    }
  }

  const flows = (last: number, timeout: number) =>
    Array.from(
      { length: last },
      (_, i) =>
        `-I -t ${timeout} -s 10.0.0.1 -d 10.0.0.2 -r 10.0.0.2 -q 10.0.0.1 -p udp --sport ${i + 1} --dport 53 ` +
        `--reply-port-src 53 --reply-port-dst ${i + 1} -m ${i + 1}`,
    );

  it('grow older, thousands of them and of both families, and keep their marks', async () => {
    const ipv6 =
      '-I -t 500 -s 2001:db8::1 -d 2001:db8::2 -r 2001:db8::2 -q 2001:db8::1 -p tcp --sport 9 --dport 22 ' +
      '--reply-port-src 22 --reply-port-dst 9 --state ESTABLISHED -u ASSURED,SEEN_REPLY -m 77';
    await remember([...flows(2000, 100), ipv6]);
    expect(ageConntrack(netns, 40)).toEqual({ kept: 2001, expired: 0 });
    const entries = await listConntrack(netns);
    const [tcp] = entries.filter(({ protocol }) => protocol === 'tcp');
    expect(entries.filter(({ secondsLeft }) => secondsLeft >= 55 && secondsLeft <= 60)).toHaveLength(2000);
    expect(new Set(entries.map(({ mark }) => mark)).size).toBe(2000);
    expect(tcp).toMatchObject({ state: 'ESTABLISHED', mark: 77 });
    expect(tcp?.secondsLeft).toBeGreaterThan(450);
    expect(ageConntrack(netns, 61)).toEqual({ kept: 1, expired: 2000 });
    expect((await listConntrack(netns)).map(({ protocol }) => protocol)).toEqual(['tcp']);
    expect(ageConntrack(netns, 600)).toEqual({ kept: 0, expired: 1 });
    expect(ageConntrack(netns, 600)).toEqual({ kept: 0, expired: 0 });
  });

  it('lose no more time than is said, however often it is said', async () => {
    await remember(flows(1, 60));
    for (let i = 0; i < 20; i++) expect(ageConntrack(netns, 2)).toEqual({ kept: 1, expired: 0 });
    expect((await listConntrack(netns))[0]?.secondsLeft).toBeGreaterThanOrEqual(17);
    ageConntrack(netns, 60);
  });

  it('include the elements that time takes out of sets and maps', async () => {
    await load(
      netns,
      `table inet t {
        map pairs { type ipv4_addr . ipv4_addr . inet_proto : mark; flags dynamic,timeout; }
        set seen { type ipv6_addr; flags timeout; }
        set fixed { type ipv4_addr; elements = { 10.0.0.9 } }
      }
      add element inet t pairs { 10.0.0.1 . 10.0.0.2 . gre timeout 600s expires 300s : 0x80000007 }
      add element inet t pairs { 10.0.0.1 . 10.0.0.2 . sctp timeout 600s : 0x8 }
      add element inet t seen { 2001:db8::1 timeout 400s }`,
    );
    const places = [
      { table: 'inet t', kind: 'map', name: 'pairs' },
      { table: 'inet t', kind: 'set', name: 'seen' },
      { table: 'inet t', kind: 'set', name: 'fixed' },
    ] as const;
    expect(await ageElements([{ namespace: netns, places }], 301)).toEqual({ kept: 2, expired: 1 });
    const [left = []] = await listTimedElements([{ namespace: netns, places }]);
    expect(left.map(({ key, mark, timeout }) => ({ key, mark, timeout }))).toEqual([
      { key: ['10.0.0.1', '10.0.0.2', '132'], mark: 8, timeout: 600 },
      { key: ['2001:db8::1'], mark: null, timeout: 400 },
    ]);
    const [pair, single] = left.map(({ secondsLeft }) => secondsLeft);
    expect([290, 90]).toEqual([Math.floor((pair ?? 0) / 10) * 10, Math.floor((single ?? 0) / 10) * 10]);
  });
});

describe('sglab advance', () => {
  let lab: RunningLab;
  beforeAll(async () => {
    lab = await RunningLab.up({ ...SMALL, steps: [] });
  });
  afterAll(() => lab?.stop());

  it('lets an idle session expire, and no sooner', async () => {
    const { host } = lab;
    const server = await host.withNetns('sglab-small-web', (netns) => serve(netns, 8080));
    const open = () => connect(host, 'sglab-small-office', '198.18.0.1', 8080);
    const connection = await open();
    await lab.revoke('web', 'tcp/8080 from 198.51.100.10/32');
    const { stdout } = await host.sglab(['advance', '4d', 'small']);
    expect(stdout).toMatch(/^4d later: \d+ connections go on, /);
    expect(await connection.echoes()).toBe(true);
    const aged = await host.json<{ expired: number; seconds: number }>(['advance', '5d']);
    expect(aged).toMatchObject({ seconds: 432_000 });
    expect(aged.expired).toBeGreaterThanOrEqual(1);
    const { connections } = await host.json<{ connections: { protocol: string }[] }>(['conntrack', 'web']);
    expect(connections.filter(({ protocol }) => protocol === 'tcp')).toEqual([]);
    connection.close();
    server.close();
  });

  it('refuses what is no time', async () => {
    const { code, stderr } = await lab.host.sglab(['advance', '500ms']);
    expect(code).toBe(2);
    expect(stderr).toContain('Write 50s, 10m, 2h or 5d.');
    await expect(call('small', 'advance', { seconds: 1 })).resolves.toMatchObject({ expired: 0 });
  });
});
