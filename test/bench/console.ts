/** Measures how soon the page is there, shows what a change turns, and answers in large labs. */
import { chromium, type Page } from 'playwright-core';
import type { Mutation } from '../../src/changes/verbs.js';
import { Console } from '../../src/controller/console/console.js';
import { Lab } from '../../src/lab/lab.js';
import { type BenchContext, type Benchmark, LAB_OPTIONS } from './benchmark.js';
import { HTTPS_FROM_ANYWHERE, webAndDatabases } from './clouds.js';
import { type Figure, figure } from './figure.js';

const MACHINES = 20;
const MOST_CELLS = 100;
const MANY_MACHINES = 400;
const MATRIX = '#/reachability?question=tcp%2F443';
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu'];

/** What every second machine's group gets and loses: 190 cells turn. */
const RULE = HTTPS_FROM_ANYWHERE;
const OPEN: Mutation = { type: 'authorize', group: 'db', rules: [RULE] };
const SHUT: Mutation = { type: 'revoke', group: 'db', rules: [RULE], ruleIds: [] };

export const consolePage: Benchmark = {
  name: 'console',
  summary: `the page: its first paint, from a change to the flashed cells, and large labs`,
  run: async (context) => [
    ...(await withPage(context, MACHINES, async (page, live) => [
      await paints(context, page),
      await flashes(context, live, page),
    ])),
    ...(await withPage(context, MOST_CELLS, async (page) => await scrolls(context, page))),
    ...(await withPage(context, MANY_MACHINES, async (page) => [await chooses(context, page)])),
  ],
};

type Measure = (page: Page, live: Lab) => Promise<Figure[]>;

/** A lab with so many machines, and its page at the resource map. */
async function withPage({ labName }: BenchContext, machines: number, measure: Measure): Promise<Figure[]> {
  const live = await Lab.up(webAndDatabases(labName(`page-${machines}`), machines), LAB_OPTIONS);
  const console = new Console(live, { file: null, endpoint: '' });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.goto(await console.open({ terminals: false }));
    return await measure(page, live);
  } finally {
    await browser.close();
    console.close();
    await live.down();
  }
}

/** A browser without anything of the page in its cache opens it; it is there when its machines are painted. */
async function paints({ quick, signal, progress }: BenchContext, page: Page): Promise<Figure> {
  const session = await page.context().newCDPSession(page);
  const values: number[] = [];
  for (let round = 0; round < (quick ? 5 : 15); round++) {
    signal.throwIfAborted();
    await session.send('Network.clearBrowserCache');
    await page.reload({ waitUntil: 'commit' });
    values.push(
      await page.evaluate<number>(painted("document.querySelector('svg.picture [data-id]')", 'performance.now()')),
    );
    progress(`first paint ${round + 1}: ${values.at(-1)?.toFixed(0)} ms`);
  }
  const what = `from the request of the page to its painted resource map, ${MACHINES} machines, nothing cached`;
  return figure({ name: 'console.paint', what, unit: 'ms', values, budget: atMost(1500) });
}

async function flashes(context: BenchContext, live: Lab, page: Page): Promise<Figure> {
  await page.getByRole('link', { name: 'Reachability', exact: true }).click();
  await shown(page, 'timed-out at sg-ingress');
  const values: number[] = [];
  for (let round = 0; round < (context.quick ? 5 : 20); round++) {
    context.signal.throwIfAborted();
    values.push(await flashed(live, page, { change: OPEN, told: 'refused at listener, turned' }));
    values.push(await flashed(live, page, { change: SHUT, told: 'timed-out at sg-ingress, turned' }));
    context.progress(`round ${round + 1}: ${values.slice(-2).join(' and ')} ms`);
  }
  const what = `from the change to the flashed cell, ${MACHINES} machines, 190 cells turned`;
  return figure({ name: 'console.flash', what, unit: 'ms', values, budget: atMost(300) });
}

/** A matrix of 100 rows and 100 columns: until it is painted, and the longest wait between two frames while it is scrolled. */
async function scrolls({ quick, signal, progress }: BenchContext, page: Page): Promise<Figure[]> {
  const opened: number[] = [];
  const frames: number[] = [];
  await asked(page);
  for (let round = 0; round < (quick ? 3 : 10); round++) {
    signal.throwIfAborted();
    await page.evaluate("location.hash = '#/lab'");
    await page.evaluate(painted("document.querySelector('svg.picture')", '0'));
    opened.push(
      await page.evaluate<number>(did(`location.hash = '${MATRIX}'`, "document.querySelector('.matrix-row')")),
    );
    frames.push(await page.evaluate<number>(SCROLL));
    progress(`matrix ${round + 1}: ${opened.at(-1)?.toFixed(0)} ms, then ${frames.at(-1)?.toFixed(0)} ms at most`);
  }
  const size = `${MOST_CELLS} × ${MOST_CELLS} matrix`;
  return [
    figure({ name: 'console.matrix', what: `from the click to the painted ${size}`, unit: 'ms', values: opened }),
    figure({
      name: 'console.scroll',
      what: `longest time between frames, scrolling the ${size}`,
      unit: 'ms',
      values: frames,
    }),
  ];
}

/** Every cell has been asked: packets and the page share the processors. */
async function asked(page: Page): Promise<void> {
  await page.evaluate(`location.hash = '${MATRIX}'`);
  const isDone = "document.querySelector('.matrix-row') && !document.body.textContent.includes('not asked yet')";
  await page.evaluate(painted(isDone, '0'));
}

async function chooses({ quick, signal, progress }: BenchContext, page: Page): Promise<Figure> {
  const values: number[] = [];
  await page.evaluate(painted("document.querySelector('svg.picture [role=button]')", '0'));
  await page.getByRole('button', { name: /^Machines / }).click();
  await page.getByRole('option', { name: 'Every machine' }).click();
  for (let round = 0; round < (quick ? 5 : 20); round++) {
    signal.throwIfAborted();
    const machine = `document.querySelectorAll('.picture [role=button]')[${7 * round + 3}]`;
    const click = `${machine}.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))`;
    values.push(await page.evaluate<number>(did(click, `${machine}.ariaPressed === 'true'`)));
    progress(`click ${round + 1}: ${values.at(-1)?.toFixed(0)} ms`);
  }
  const what = `from the click on a machine to its painted mark, ${MANY_MACHINES} machines`;
  return figure({ name: 'console.click', what, unit: 'ms', values, budget: atMost(200) });
}

function atMost(limit: number) {
  return { of: 'value', bound: 'at most', limit } as const;
}

/** @param isThere an expression @param value of the frame after the one that has it: then it is painted */
function painted(isThere: string, value: string): string {
  return `new Promise((resolve) => {
    const look = () => (${isThere}) ? requestAnimationFrame(() => setTimeout(() => resolve(${value}))) : requestAnimationFrame(look);
    look();
  })`;
}

/** Milliseconds from an action until what it does is painted. */
function did(action: string, isThere: string): string {
  return `(async () => {
    const began = performance.now();
    ${action};
    await ${painted(isThere, '0')};
    return performance.now() - began;
  })()`;
}

const SCROLL = `new Promise((resolve) => {
  const matrix = document.querySelector('.matrix');
  let longest = 0;
  let before = performance.now();
  const step = (now) => {
    longest = Math.max(longest, now - before);
    before = now;
    const { scrollTop, scrollLeft } = matrix;
    matrix.scrollBy(40, 40);
    if (matrix.scrollTop !== scrollTop || matrix.scrollLeft !== scrollLeft) requestAnimationFrame(step);
    else resolve(longest);
  };
  matrix.scrollTo(0, 0);
  requestAnimationFrame((now) => { before = now; requestAnimationFrame(step); });
})`;

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
