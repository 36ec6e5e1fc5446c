/** A page that shows the lab as it is, whoever changes it. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SMALL } from '../kernel/support/small-lab.js';
import { kill, TestHost } from '../kernel/support/test-host.js';
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
