/** `scripts/screenshots` takes the pictures of docs/console.md: a real lab in a real browser. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import { type Browser, chromium, type Page } from 'playwright-core';
import { call } from '../../src/controller/client.js';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const SGLAB = path.join(ROOT, 'scripts/sglab');
const LAB = 'securecart-bastion';
const SMALL: View = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' };
const LARGE: View = { viewport: { width: 1920, height: 1080 }, colorScheme: 'light' };
const NARROW: View = { viewport: { width: 800, height: 600 }, colorScheme: 'light' };
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

/** What is asked of the kernel arrives, and what moves stands still. */
const SETTLE_MS = 3000;

interface Shot {
  readonly name: string;
  /** Of the page, after `#/`. */
  readonly place: string;
  /** What is there when the page is ready. */
  readonly ready: (page: Page) => Promise<unknown>;
}

interface View {
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: 'light' | 'dark';
}

interface Options {
  readonly output: string;
  readonly all?: boolean;
}

const program = new Command('scripts/screenshots')
  .description('Takes the screenshots of docs/console.md.')
  .option('-o, --output <directory>', 'where to put them', path.join(ROOT, 'docs/console'))
  .option('--all', 'every page, in three sizes, light and dark')
  .action(main);

async function main({ output, all = false }: Options): Promise<void> {
  fs.mkdirSync(output, { recursive: true });
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-screenshots-'));
  const file = path.join(directory, `${LAB}.yaml`); // the page shows its path
  fs.copyFileSync(path.join(ROOT, `scenarios/${LAB}.yaml`), file);
  // Nobody's progress is touched by a lesson that is started for its picture.
  process.env.SGLAB_STATE_DIR = directory;
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
  try {
    await takeLab(browser, { lab: LAB, start: ['up', file], shotsOf: () => shotsOf(all) }, { output, all });
    if (all) await takeLab(browser, { lab: 'learn', start: ['learn', 'start', '3'], shotsOf: lesson }, { output, all });
  } finally {
    await browser.close();
    fs.rmSync(directory, { recursive: true });
  }
}

interface Place {
  readonly lab: string;
  /** Arguments of sglab. */
  readonly start: readonly string[];
  readonly shotsOf: () => Promise<readonly Shot[]>;
}

async function takeLab(browser: Browser, { lab, start, shotsOf }: Place, { output, all = false }: Options) {
  await execa(SGLAB, start, { stdin: 'ignore' });
  try {
    const options = ['--json', ...(all ? ['--terminals'] : [])];
    const { stdout } = await execa(SGLAB, ['console', lab, ...options], { stdin: 'ignore' });
    const { url } = JSON.parse(stdout) as { readonly url: string };
    const shots = await shotsOf();
    const dark = [SMALL, LARGE].map((view): View => ({ ...view, colorScheme: 'dark' }));
    for (const view of all ? [SMALL, LARGE, ...dark, NARROW] : [SMALL]) {
      const suffix = all ? `-${view.viewport.width}-${view.colorScheme}` : '';
      await takeAll(browser, url, { shots, view, suffix, output });
    }
  } finally {
    await execa(SGLAB, ['down', lab], { stdin: 'ignore' });
  }
}

async function lesson(): Promise<readonly Shot[]> {
  return [{ name: 'lesson', place: 'lesson', ready: (page) => page.getByRole('list', { name: 'Goals' }).waitFor() }];
}

/** Pages that need nothing but their word. */
const PLAIN: readonly Shot[] = [
  'instances',
  'groups',
  'groups/create',
  'network-acls',
  'route-tables',
  'history',
  'findings',
  'terminal',
  'terminal/stranger',
].map((place) => ({
  name: place.replace('/', '-'),
  place,
  ready: (page) => page.getByRole('heading', { level: 1 }).waitFor(),
}));

async function shotsOf(all: boolean): Promise<readonly Shot[]> {
  const { cloud } = await call(LAB, 'status', {});
  const groups = Object.values(cloud.securityGroups).filter(({ name }) => name !== 'default');
  const group = groups.sort((one, other) => other.rules.length - one.rules.length)[0]?.id ?? '';
  return [
    { name: 'map', place: 'lab', ready: (page) => page.locator('svg.picture').first().waitFor() },
    {
      name: 'rules',
      place: `groups/${group}/edit-inbound-rules`,
      ready: (page) => page.getByRole('button', { name: 'Save rules' }).waitFor(),
    },
    {
      name: 'reachability',
      place: 'reachability',
      ready: (page) => page.locator('[role=gridcell]').first().waitFor(),
    },
    {
      name: 'way',
      place: `way?${new URLSearchParams({ from: 'stranger', to: 'bastion-1', question: 'tcp/22' })}`,
      ready: (page) => page.getByRole('table').first().waitFor(),
    },
    ...(all ? PLAIN : []),
  ];
}

interface Series {
  readonly shots: readonly Shot[];
  readonly view: View;
  readonly suffix: string;
  readonly output: string;
}

async function takeAll(browser: Browser, url: string, { shots, view, suffix, output }: Series): Promise<void> {
  const context = await browser.newContext({ ...view, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(url);
  for (const { name, place, ready } of shots) {
    await page.goto(`${new URL(url).origin}/#/${place}`);
    await ready(page);
    await page.waitForTimeout(SETTLE_MS);
    await page.screenshot({ path: path.join(output, `${name}${suffix}.png`) });
  }
  await context.close();
}

await program.parseAsync();
