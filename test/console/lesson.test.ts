/** A lesson beside its lab: solved in the page, with goals that follow, and known as solved outside of it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestHost } from '../kernel/support/test-host.js';
import { seriousProblems } from './support/axe.js';
import { openPage, startBrowser } from './support/browser.js';
import { MARKUP, madeOfText } from './support/markup.js';

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

/** Another page of the same lab. */
async function beside(page: Page, place: string): Promise<Page> {
  const other = await page.context().newPage();
  await other.goto(`${new URL(url).origin}/#/${place}`);
  return other;
}

/** Adds the missing rule as one does in the AWS console. */
async function openHttp(page: Page): Promise<void> {
  const groups = await beside(page, 'groups');
  await groups.getByRole('row', { name: / web / }).getByRole('link').first().click();
  await groups.getByRole('link', { name: 'Edit inbound rules' }).click();
  await groups.getByRole('button', { name: 'Add rule' }).click();
  await groups.getByRole('button', { name: /^Type of inbound rule 2/ }).click();
  await groups.getByRole('option', { name: 'HTTP', exact: true }).click();
  await groups.getByLabel('Source type of inbound rule 2').click();
  await groups.getByRole('option', { name: 'Anywhere-IPv4', exact: true }).click();
  await groups.getByRole('button', { name: 'Save rules' }).click();
  await groups.getByText('Packets met what the model said.').waitFor();
}

/** Starts the missing server: the servers of an instance follow its tag. */
async function startHttps(page: Page): Promise<void> {
  const instances = await beside(page, 'instances');
  await instances.getByRole('row', { name: /web-1/ }).getByRole('link').first().click();
  await instances.getByRole('tab', { name: 'Tags' }).click();
  await instances.getByRole('button', { name: 'Manage tags' }).click();
  const dialog = instances.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Add/ }).click();
  await dialog.getByLabel('Key').last().fill('sglab:listen');
  await dialog.getByLabel('Value - optional').last().fill('tcp/22, tcp/80, tcp/443');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
}

it('turns goals green as one works in the page', async () => {
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
  await openHttp(page);
  await goal('over HTTP met').waitFor();
  await startHttps(page);
  await page.getByText('You have passed this lesson').waitFor();
  const { lessons } = await host.json<Lessons>(['learn']);
  expect(lessons.find(({ lesson }) => lesson.startsWith('03-'))?.passed).not.toBeNull();
  expect(complaints).toEqual([]);
  await context.close();
});

it('shows the markup of a lesson as the text that it is', async () => {
  const { page, context, complaints } = await openPage(browser, url);
  await page.getByRole('heading', { name: 'Resource map' }).waitFor();
  // What anybody who writes lessons can say.
  await page.evaluate(`{
    const text = ${JSON.stringify(MARKUP)};
    const fetched = window.fetch;
    window.fetch = async (place, ...options) => {
      const answer = await fetched(place, ...options);
      if (place !== 'api/lesson') return answer;
      const { lesson } = await answer.json();
      const texts = { title: text, idea: text, story: text, goals: lesson.goals.map(() => text) };
      return Response.json({ lesson: { ...lesson, ...texts } });
    };
  }`);
  await page.goto(`${new URL(url).origin}/#/lesson`);
  await page.getByRole('heading', { name: MARKUP }).waitFor();
  await page.getByRole('list', { name: 'Goals' }).getByText(MARKUP).last().waitFor();
  // Title, idea, story, and three goals.
  expect(await page.getByText(MARKUP).count()).toBe(6);
  expect(await madeOfText(page)).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});
