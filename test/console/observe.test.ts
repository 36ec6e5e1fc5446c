/** What the lab lets through, live: the matrix, its history and what an audit finds, whoever changes the lab. */

import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cloud } from '../../src/cloud/types.js';
import { AWS_ALIAS, hasAws } from '../kernel/support/aws-cli.js';
import { MAIN, TestHost } from '../kernel/support/test-host.js';
import { seriousProblems } from './support/axe.js';
import { type OpenPage, openPage, startBrowser } from './support/browser.js';
import { DESCRIPTION, MARKUP, madeOfText } from './support/markup.js';

/** Rules that an audit finds fault with. */
const CARELESS = fileURLToPath(new URL('../fixtures/careless.yaml', import.meta.url));

let host: TestHost;
let browser: Browser;
let url: string;
beforeAll(async () => {
  host = await TestHost.start();
  await host.json(['up', CARELESS]);
  ({ url } = await host.json<{ url: string }>(['console']));
  browser = await startBrowser(host);
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

async function openAt(title: string): Promise<OpenPage> {
  const opened = await openPage(browser, url, { width: 1920, height: 1080 });
  await opened.page.getByRole('link', { name: title, exact: true }).click();
  await opened.page.getByRole('heading', { name: title, level: 1 }).waitFor();
  return opened;
}

function cell(page: Page, text: string) {
  return page.getByRole('gridcell', { name: text });
}

it('shows on the open matrix what a command turns, with the rule that did it', async () => {
  const { page, context, complaints } = await openAt('Reachability');
  await cell(page, 'office to web-1 tcp/22: connected').waitFor();
  expect((await host.sglab(['revoke', 'web', 'tcp/22 from 0.0.0.0/0'])).code).toBe(0);
  await cell(page, 'office to web-1 tcp/22: timed-out at sg-ingress, turned').waitFor();
  const row = page.getByRole('row', { name: /office → web-1 tcp\/22/ });
  await row
    .getByText(/web: tcp\/22 from 0\.0\.0\.0\/0/)
    .first()
    .waitFor();
  await row.getByText(/revoke web: tcp\/22 from 0\.0\.0\.0\/0 \(sglab\)/).waitFor();
  await cell(page, 'office to web-1 tcp/443: connected').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/way\?from=office&to=web-1&question=tcp%2F22/);
  expect(complaints).toEqual([]);
  await context.close();
});

it('asks what a page chooses, and folds machines that are alike', async () => {
  const { page, context } = await openAt('Reachability');
  await page.getByRole('textbox', { name: 'Another port' }).fill('udp/53');
  await page.getByRole('textbox', { name: 'Another port' }).press('Enter');
  await cell(page, 'office to web-1 udp/53: timed-out at sg-ingress').waitFor();
  await page.goto(`${new URL(url).origin}/#/reachability?question=udp%2F53&fold=alike`);
  await page.getByRole('rowheader', { name: /\+\d/ }).first().waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await context.close();
});

it.skipIf(!hasAws)('shows what the AWS CLI turns without a reload', async () => {
  const { page, context } = await openAt('Reachability');
  const at = 'office to web-1 tcp/443';
  await cell(page, `${at}: connected`).waitFor();
  const { cloud } = await host.json<{ cloud: Pick<Cloud, 'securityGroups'> }>(['status']);
  const [web] = Object.values(cloud.securityGroups).filter(({ name }) => name === 'web');
  const change = (verb: string) =>
    host.run('bash', [
      '-euc',
      `eval "$(${process.execPath} ${MAIN} env)"
      ${AWS_ALIAS}aws ec2 ${verb}-security-group-ingress --group-id ${web?.id} --ip-permissions \
        'IpProtocol=tcp,FromPort=443,ToPort=443,IpRanges=[{CidrIp=0.0.0.0/0},{CidrIp=198.51.100.0/24}]'`,
    ]);
  await change('revoke');
  await cell(page, `${at}: timed-out at sg-ingress, turned`).waitFor();
  await page
    .getByText(/RevokeSecurityGroupIngress/)
    .first()
    .waitFor();
  await change('authorize');
  await cell(page, `${at}: connected, turned`).waitFor();
  await context.close();
});

it('tells who changed what, and shows the lab as it was', async () => {
  const { page, context, complaints } = await openAt('History');
  const rules = page.getByRole('table', { name: 'Timeline' });
  await page.getByRole('button', { name: 'Changes', exact: true }).click();
  await rules.getByText('#1 up').waitFor();
  expect((await host.sglab(['authorize', 'web', 'tcp/8080 from 0.0.0.0/0'])).code).toBe(0);
  await rules.getByText(/authorize web: tcp\/8080 from 0\.0\.0\.0\/0/).waitFor();
  await page.getByRole('searchbox', { name: 'Filter the timeline' }).fill('revoke web');
  await rules.getByText(/authorize web/).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Go to the lab after change 1', exact: true }).waitFor({ state: 'detached' });
  await page.goto(`${new URL(url).origin}/#/history?at=1`);
  await cell(page, 'office to web-1 tcp/22: connected, turned').waitFor();
  await page.getByRole('tab', { name: 'Security group rules' }).click();
  const then = page.getByRole('table', { name: 'Security group rules then' });
  await then.getByRole('row', { name: /^web Inbound tcp\/22 from 0\.0\.0\.0\/0 .*gone/ }).waitFor();
  await then.getByRole('row', { name: /^web Inbound tcp\/8080 from 0\.0\.0\.0\/0 .*came later/ }).waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

it('lets time pass, and connections age', async () => {
  const { page, context } = await openAt('History');
  await page.getByRole('button', { name: 'Advance' }).click();
  await page.getByText('31 seconds have passed').waitFor();
  await context.close();
});

it('applies the remedy of a finding, which is then gone, on the page and for packets', async () => {
  const { page, context, complaints } = await openAt('Findings');
  const probe = () => host.json<{ outcome: string }>(['probe', 'office', 'old-1', 'tcp/3389']);
  expect((await probe()).outcome).toBe('connected');
  const remedy = page.getByRole('button', { name: /^Remedy SGA001: legacy/ });
  await remedy.waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await remedy.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('row', { name: /^office old-1 tcp\/3389 connected timed-out at sg-ingress/ }).waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await remedy.waitFor({ state: 'detached' });
  expect((await probe()).outcome).toBe('timed-out');
  expect(complaints).toEqual([]);
  await context.close();
});

it('shows markup as the text that it is, on each of these pages', async () => {
  const { page, context, complaints } = await openAt('Reachability');
  const told = (text: string) => page.getByText(text).first().waitFor();
  await cell(page, 'office to web-1 tcp/22: timed-out at sg-ingress').waitFor();
  const rule = { protocol: 'tcp', ports: 22, from: '0.0.0.0/0', description: DESCRIPTION };
  await host.json(['change', JSON.stringify({ authorize: { group: 'web', ingress: rule } })]);
  await cell(page, 'office to web-1 tcp/22: connected, turned').waitFor();
  await told(DESCRIPTION);
  expect(await madeOfText(page)).toBe(0);
  const { origin } = new URL(url);
  await page.goto(`${origin}/#/findings`);
  await page
    .getByRole('button', { name: /^Remedy SGA\d+: web: tcp\/22 from 0\.0\.0\.0\/0/ })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('radio').first().waitFor();
  expect(await madeOfText(page)).toBe(0);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.goto(`${origin}/#/history`);
  await told(DESCRIPTION);
  expect(await madeOfText(page)).toBe(0);
  await page.goto(`${origin}/#/reachability?${new URLSearchParams({ machine: MARKUP, question: MARKUP })}`);
  await told(MARKUP);
  await page.goto(`${origin}/#/groups/${encodeURIComponent(MARKUP)}`);
  await told(MARKUP);
  expect(await madeOfText(page)).toBe(0);
  // The browser reports what the lab refused, too.
  expect(complaints.filter((text) => !text.includes('status of 400'))).toEqual([]);
  await context.close();
});
