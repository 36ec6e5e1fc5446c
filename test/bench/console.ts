/** Measures how soon an open page shows what a change turns. */
import { chromium, type Page } from 'playwright-core';
import type { Mutation } from '../../src/changes/verbs.js';
import { Console } from '../../src/controller/console/console.js';
import { Lab } from '../../src/lab/lab.js';
import { type BenchContext, type Benchmark, LAB_OPTIONS } from './benchmark.js';
import { webAndDatabases } from './clouds.js';
import { type Figure, figure } from './figure.js';

const MACHINES = 20;

/** What every second machine's group gets and loses: 190 cells turn. */
const RULE = {
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 443,
  toPort: 443,
  peer: '0.0.0.0/0',
  description: null,
} as const;
const OPEN: Mutation = { type: 'authorize', group: 'db', rules: [RULE] };
const SHUT: Mutation = { type: 'revoke', group: 'db', rules: [RULE], ruleIds: [] };

export const consolePage: Benchmark = {
  name: 'console',
  summary: `from a change of a group to the flashed cells of an open matrix of ${MACHINES} machines`,
  run: async (context) => {
    const live = await Lab.up(webAndDatabases(context.labName('page'), MACHINES), LAB_OPTIONS);
    const console = new Console(live, { file: null, endpoint: '' });
    try {
      return await inBrowser(await console.open({ terminals: false }), (page) => measure(context, live, page));
    } finally {
      console.close();
      await live.down();
    }
  },
};

async function inBrowser<T>(url: string, action: (page: Page) => Promise<T>): Promise<T> {
  const args = ['--headless', '--no-sandbox', '--disable-gpu'];
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(url);
    await page.getByRole('link', { name: 'Reachability', exact: true }).click();
    return await action(page);
  } finally {
    await browser.close();
  }
}

async function measure(context: BenchContext, live: Lab, page: Page): Promise<Figure[]> {
  await shown(page, 'timed-out at sg-ingress');
  const values: number[] = [];
  for (let round = 0; round < (context.quick ? 5 : 20); round++) {
    context.signal.throwIfAborted();
    values.push(await flashed(live, page, { change: OPEN, told: 'refused at listener, turned' }));
    values.push(await flashed(live, page, { change: SHUT, told: 'timed-out at sg-ingress, turned' }));
    context.progress(`round ${round + 1}: ${values.slice(-2).join(' and ')} ms`);
  }
  const what = `from the change to the flashed cell, ${MACHINES} machines, 190 cells turned`;
  const budget = { of: 'value', bound: 'at most', limit: 300 } as const;
  return [figure({ name: 'console.flash', what, unit: 'ms', values, budget })];
}

interface Awaited {
  readonly change: Mutation;
  readonly told: string;
}

/** Milliseconds from before the change is made until the frame that shows it. */
async function flashed(live: Lab, page: Page, { change, told }: Awaited): Promise<number> {
  const seen = shown(page, told);
  const began = Date.now();
  await live.mutate(change, { caller: 'bench', action: change.type, requestId: 'bench' });
  return (await seen) - began;
}

/** When the cell was shown so, in milliseconds since 1970: the browser's clock is this machine's. */
function shown(page: Page, told: string): Promise<number> {
  const cell = JSON.stringify(`[aria-label="i-0 to i-1 tcp/443: ${told}"]`);
  return page.evaluate(`new Promise((resolve) => {
    const look = () => document.querySelector(${cell}) ? resolve(Date.now()) : requestAnimationFrame(look);
    look();
  })`);
}
