/** A lesson beside its lab: solved by commands, and by the page's own means, with goals that follow. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestHost } from '../kernel/support/test-host.js';
import { seriousProblems } from './support/axe.js';
import { openPage, startBrowser } from './support/browser.js';

interface Lessons {
  readonly lessons: readonly { readonly lesson: string; readonly passed: string | null }[];
}

let host: TestHost;
let browser: Browser;
let url: string;
beforeAll(async () => {
  host = await TestHost.start();
  await host.json(['learn', 'start', '3']);
  ({ url } = await host.json<{ url: string }>(['console']));
  browser = await startBrowser(host);
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

it('turns goals green as one works, whichever tool one uses', async () => {
  const { page, context, complaints } = await openPage(browser, url);
  await page.getByRole('link', { name: 'Security groups', exact: true }).waitFor();
  await page.goto(`${new URL(url).origin}/#/lesson`);
  await page.getByRole('heading', { name: 'Lesson 3: Time-out or refused' }).waitFor();
  const goal = (text: string) =>
    page.getByRole('list', { name: 'Goals' }).getByRole('listitem').filter({ hasText: text });
  await goal('over HTTP not met').waitFor();
  await page.getByRole('button', { name: 'Hint' }).click();
  await page.getByText('The customer waits and hears nothing.').waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  expect((await host.sglab(['authorize', 'web', 'tcp/80 from 0.0.0.0/0'])).code).toBe(0);
  await goal('over HTTP met').waitFor();
  expect((await host.sglab(['change', 'listen: { on: web-1, ports: tcp/443 }'])).code).toBe(0);
  await page.getByText('You have passed this lesson').waitFor();
  const { lessons } = await host.json<Lessons>(['learn']);
  expect(lessons.find(({ lesson }) => lesson.startsWith('03-'))?.passed).not.toBeNull();
  expect(complaints).toEqual([]);
  await context.close();
});
