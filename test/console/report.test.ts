/** Reports that need no server: opened from disk, in a browser without a network. */
import fs from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SMALL } from '../kernel/support/small-lab.js';
import { TestHost } from '../kernel/support/test-host.js';
import { openPage, startBrowser } from './support/browser.js';

let host: TestHost;
let browser: Browser;
beforeAll(async () => {
  host = await TestHost.start();
  browser = await startBrowser(host);
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

const MARKUP = '<img src=x onerror="document.title=1">';

/** Opens a file where nothing can be asked for, and says what was. */
async function openFile(file: string) {
  const opened = await openPage(browser, 'about:blank', { width: 1024 });
  const requests: string[] = [];
  await opened.context.setOffline(true);
  opened.page.on('request', (request) => requests.push(request.url()));
  await opened.page.goto(`file://${file}`);
  return { ...opened, requests };
}

it('of a run shows steps, the way of the one that failed, the picture and the matrix', async () => {
  const scenario = {
    ...SMALL,
    description: MARKUP,
    steps: [
      { probe: 'office -> web tcp/80', expect: 'connected' },
      { name: `not so ${MARKUP}`, probe: 'office -> web tcp/22', expect: 'connected' },
    ],
  };
  const file = path.join(host.directory, 'run.html');
  const { code } = await host.sglab(['run', host.write('run.yaml', scenario), '--html', file]);
  expect(code).toBe(1);
  const { page, context, requests, complaints } = await openFile(file);
  expect(await page.getByRole('img').count()).toBeGreaterThan(0);
  expect(await page.getByRole('row', { name: /not so/ }).innerText()).toContain(MARKUP);
  expect(await page.getByRole('figure').innerText()).toMatch(/request\s+sg-ingress/);
  await page.getByRole('heading', { name: 'Reachability' }).waitFor();
  expect({ requests: requests.filter((url) => !url.startsWith('file:')), complaints }).toEqual({
    requests: [],
    complaints: [],
  });
  expect(fs.readFileSync(file, 'utf8')).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  await context.close();
});

it('of a lab shows what is wrong with its rules', async () => {
  await host.json(['up', host.write('small.yaml', SMALL)]);
  const file = path.join(host.directory, 'lab.html');
  await host.json(['report', '-o', file]);
  const { page, context } = await openFile(file);
  await page.getByRole('heading', { name: 'Findings' }).waitFor();
  const wide = await page.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
  expect(wide).toBe(false);
  await context.close();
});
