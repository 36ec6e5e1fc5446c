/** Work that nobody waits for any more ends: it is measured by the packets that are not sent. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningLab } from './support/running-lab.js';
import { SMALL } from './support/small-lab.js';
import { kill } from './support/test-host.js';
import { until } from './support/until.js';

let lab: RunningLab;
beforeAll(async () => {
  lab = await RunningLab.up(SMALL);
});
afterAll(() => lab?.stop());

const PORTS = 3000;
const QUESTIONS = Array.from({ length: PORTS }, (_, at) => `tcp/${10_000 + at}`);

/** Packets that machines have sent. */
async function sent(): Promise<number> {
  const counts = ['office', 'web', 'app'].map(async (machine) => {
    const links = await lab.host.run('ip', ['-n', `sglab-small-${machine}`, '-s', '-j', 'link', 'show', 'eth0']);
    return (JSON.parse(links) as [{ stats64: { tx: { packets: number } } }])[0].stats64.tx.packets;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

/** How many are sent in a while. */
async function sentMeanwhile(): Promise<number> {
  const before = await sent();
  await sleep(500);
  return (await sent()) - before;
}

it.each(['SIGKILL', 'SIGINT'] as const)('a matrix whose client ends by %s asks nothing more', async (signal) => {
  const before = await sent();
  const client = lab.host.startSglab(['matrix', '--port', ...QUESTIONS]);
  await until('packets are sent', async () => (await sent()) > before, 120_000);
  kill(client.pid, signal);
  await client.result;
  await until('no more are sent', async () => (await sentMeanwhile()) === 0, 120_000);
  // Each of four pairs of machines would have been asked for every port.
  expect((await sent()) - before).toBeLessThan(PORTS);
  await lab.authorize('web', `tcp/22 from ${signal === 'SIGINT' ? '10.0.0.0/16' : '0.0.0.0/0'}`);
});
