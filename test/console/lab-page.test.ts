/** The resource map: what the lab has, as it is, and what the kernel says of a machine. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestHost } from '../kernel/support/test-host.js';
import { seriousProblems } from './support/axe.js';
import { type OpenLab, openLab } from './support/open-lab.js';

/** Of characters that AWS takes in a group's name; a page that read it as markup would show `<b>`. */
const MARKUP = '&lt;b&gt;{x}';
const SHOP = {
  name: 'shop',
  vpcs: {
    shop: { cidr: '10.0.0.0/16', internetGateway: true, subnets: { public: { cidr: '10.0.1.0/24', public: true } } },
  },
  securityGroups: {
    web: { vpc: 'shop', ingress: [{ protocol: 'tcp', ports: 443, from: '0.0.0.0/0', description: MARKUP }] },
    [MARKUP]: { vpc: 'shop' },
  },
  instances: {
    'web-1': { subnet: 'public', securityGroups: 'web', publicIp: true, listen: ['tcp/443'] },
    marked: { subnet: 'public', securityGroups: MARKUP },
  },
  internet: { stranger: '203.0.113.7' },
};

let lab: OpenLab;
let host: TestHost;
let page: Page;
beforeAll(async () => {
  lab = await openLab(SHOP);
  ({ host, page } = lab);
});
afterAll(async () => {
  await lab?.close();
  expect(lab.complaints).toEqual([]);
});

it('shows machines with their groups, and names as the text that they are', async () => {
  await page.getByRole('button', { name: 'Instance web-1, 10.0.1.4 198.18.0.1, security groups web' }).waitFor();
  const marked = page.getByRole('button', { name: /^Instance marked/ });
  expect(await marked.textContent()).toContain(MARKUP);
  expect(await marked.locator('b').count()).toBe(0);
});

it('shows a machine that comes, and no longer one that has gone', async () => {
  const machine = page.getByRole('button', { name: /^Instance web-9/ });
  await host.json(['change', 'launch: { name: web-9, subnet: public, securityGroups: web }']);
  await machine.waitFor();
  await host.json(['change', 'terminate: web-9']);
  await machine.waitFor({ state: 'detached' });
});

it('counts in its panel what the kernel admits', async () => {
  await page.getByRole('button', { name: /^Instance web-1/ }).click();
  await page.getByRole('tab', { name: 'Security group rules' }).click();
  const row = page.getByRole('row', { name: /tcp\/443 from 0\.0\.0\.0\/0/ });
  await row.getByRole('cell', { name: '0', exact: true }).waitFor();
  expect(await row.textContent()).toContain(MARKUP);
  await host.json(['probe', 'stranger', 'web-1', 'tcp/443']);
  await row.getByRole('cell', { name: /^[1-9]\d*$/ }).waitFor();
  await page.getByRole('tab', { name: 'Tracked connections' }).click();
  await page.getByRole('row', { name: /203\.0\.113\.7:\d+.*web: tcp\/443/ }).waitFor();
  await page.getByRole('tab', { name: 'Flow log' }).click();
  await page
    .getByRole('row', { name: /ACCEPT.*203\.0\.113\.7/ })
    .first()
    .waitFor();
});

it('tells a screen reader everything', async () => {
  expect(await seriousProblems(page)).toEqual([]);
});

it('is gone through by keys alone', async () => {
  await page.getByRole('button', { name: /^Instance web-1/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Instance marked' }).waitFor();
});

it('finds machines by what is known of them', async () => {
  await page.getByRole('searchbox', { name: 'Find machines' }).fill('198.18.0.1');
  await page.getByRole('button', { name: /^Instance marked/ }).waitFor({ state: 'detached' });
  expect(await page.getByRole('button', { name: /^Instance web-1/ }).count()).toBe(1);
});
