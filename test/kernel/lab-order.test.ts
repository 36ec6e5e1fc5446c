/** Wherever a build stops, no card carries packets before it drops by default; and the next build begins from there. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { closeNetns, listNetns, openNetns } from '../../src/kernel/netns.js';
import { run } from '../../src/kernel/process.js';
import { RealKernel } from '../../src/kernel/real-kernel.js';
import { Dataplane } from '../../src/lab/dataplane.js';
import { planLab } from '../../src/lab/plan-lab.js';
import { labDirectory } from '../../src/lab/run-directory.js';
import { parseScenario } from '../../src/scenario/parse-scenario.js';
import { SMALL } from './support/small-lab.js';

const name = `order-${process.pid}`;
const plan = planLab(parseScenario(JSON.stringify({ ...SMALL, name, steps: [] }), 'order.yaml').cloud);
const CARDS = [...plan.keys()].filter((each) => each.endsWith('.eth0')).length;
/** At least as many as a build has. */
const STEPS = 12;

it.each(Array.from({ length: STEPS }, (_, at) => at + 1))('a build that is stopped after step %d', async (step) => {
  const kernel = () => new RealKernel(path.join(labDirectory(name), 'nft'));
  const first = new Dataplane(name, kernel(), new Set());
  // A later process knows from the journal what the first one was about to make.
  const second = new Dataplane(name, kernel(), new Set(plan.keys()));
  try {
    const stop = new AbortController();
    const onProgress = (done: number) => (done === step - 1 ? stop.abort() : undefined);
    await first
      .build(plan, new Map(), { signal: stop.signal, onProgress })
      .catch((error) => expect(error).toBe(stop.signal.reason));
    await expectNoOpenCard();
    await first.release();
    await second.build(plan, new Map());
    expect(await carryingCards()).toHaveLength(CARDS);
    await expectNoOpenCard();
  } finally {
    await second.destroy();
    fs.rmSync(labDirectory(name), { recursive: true, force: true });
  }
  expect(listNetns().filter((each) => each.includes(name))).toEqual([]);
});

async function expectNoOpenCard(): Promise<void> {
  for (const card of await carryingCards()) {
    const forward = await inside(card, 'nft', 'list', 'chain', 'inet', 'sg', 'forward');
    expect(forward).toMatch(/hook forward priority filter; policy drop;/);
  }
}

/** Cards through which a frame could pass: both ports have a carrier. */
async function carryingCards(): Promise<string[]> {
  const cards = listNetns().filter((each) => each.startsWith(`sglab-${name}-`) && each.endsWith('.eth0'));
  const carrying = await Promise.all(
    cards.map(async (card) => {
      const links = JSON.parse(await inside(card, 'ip', '-j', 'link')) as { ifname: string; flags: string[] }[];
      const ports = links.filter(({ ifname }) => ifname === 'guest' || ifname === 'uplink');
      return ports.length === 2 && ports.every(({ flags }) => flags.includes('LOWER_UP')) ? [card] : [];
    }),
  );
  return carrying.flat();
}

async function inside(namespace: string, file: string, ...args: string[]): Promise<string> {
  const netns = openNetns(namespace);
  try {
    return (await run(file, args, { namespace: netns })).stdout;
  } finally {
    closeNetns(netns);
  }
}
