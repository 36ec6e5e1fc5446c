/** A page that shows the lab as it is, whoever changes it. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SMALL } from '../kernel/support/small-lab.js';
import { kill, TestHost } from '../kernel/support/test-host.js';
import { until } from '../kernel/support/until.js';
import { openPage, startBrowser } from './support/browser.js';

let host: TestHost;
let browser: Browser;
let url: string;
beforeAll(async () => {
  host = await TestHost.start();
  await host.json(['up', host.write('small.yaml', SMALL)]);
  ({ url } = await host.json<{ url: string }>(['console']));
  browser = await startBrowser(host);
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

it('opens by its URL, whose token leaves the address bar', async () => {
  const { page, context, complaints } = await openPage(browser, url);
  await page.getByRole('heading', { name: 'Resource map' }).waitFor();
  expect(page.url()).not.toContain('token');
  expect(await page.title()).toContain('small');
  await page.reload();
  await page.getByRole('heading', { name: 'Resource map' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it('serves a hundred pages at once, and who comes then', async () => {
  const context = await browser.newContext();
  const first = await context.newPage();
  await first.goto(url);
  await first.getByRole('heading', { name: 'Resource map' }).waitFor();
  const [session] = await context.cookies();
  const follow = ['-sSN', '-H', `Cookie: ${session?.name}=${session?.value}`, `${new URL(url).origin}/events`];
  const pages = Array.from({ length: 100 }, () => host.start('curl', follow));
  const told = pages.map(({ process: { stdout } }) => {
    let text = '';
    stdout?.on('data', (data) => {
      text += data;
    });
    return () => text;
  });
  const allWere = (what: string) => () => told.every((text) => text().includes(what));
  await until('every page has the lab', allWere('"type":"lab"'));
  expect((await host.sglab(['authorize', 'web', 'tcp/8443 from 0.0.0.0/0'])).code).toBe(0);
  await until('every page is told of the change', allWere('"type":"changed"'));
  const { page, context: another } = await openPage(browser, url);
  await page.getByRole('heading', { name: 'Resource map' }).waitFor();
  for (const { process: each } of pages) each.kill('SIGKILL');
  await Promise.all([context.close(), another.close(), ...pages.map(({ result }) => result)]);
});

it('bears more news at once than it can draw', async () => {
  const { page: first, context } = await openPage(browser, url);
  await first.getByRole('heading', { name: 'Resource map' }).waitFor();
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.addInitScript(`window.EventSource = class extends EventSource {
    constructor(url) {
      super(url);
      window.source = this;
    }
  }`);
  await page.goto(`${new URL(url).origin}/#/findings`);
  await page.getByRole('button', { name: 'Audit again' }).waitFor();
  await page.evaluate(`(async () => {
    for (let change = 1000; change < 1200; change++) {
      const data = JSON.stringify({ type: 'changed', change, records: {} });
      window.source.dispatchEvent(new MessageEvent('message', { data }));
      await null; // what waits for the end of a task is done, and nothing else
    }
  })()`);
  await page.getByRole('button', { name: 'Audit again' }).waitFor();
  expect(errors).toEqual([]);
  await context.close();
});

it('says that it lost its controller, and comes back with the next one', async () => {
  const { page, context } = await openPage(browser, url);
  await page.getByRole('heading', { name: 'Resource map' }).waitFor();
  kill(host.controller(), 'SIGKILL');
  await page.getByText('Connection lost').waitFor();
  await host.json(['up', `${host.directory}/small.yaml`]);
  await page.getByText('Connection lost').waitFor({ state: 'detached' });
  expect((await host.json<{ url: string }>(['console'])).url).toBe(url);
  await context.close();
});
