/** The way of a packet: where it stops, by model and kernel, and what would let it pass. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestHost } from '../kernel/support/test-host.js';
import { seriousProblems } from './support/axe.js';
import { DESCRIPTION, MARKUP, madeOfText } from './support/markup.js';
import { type OpenLab, openLab } from './support/open-lab.js';
import { addTag, follow, save } from './support/steps.js';

const HTTPS = { protocol: 'tcp', ports: 443, from: '0.0.0.0/0', description: DESCRIPTION };

/** Its second subnet lets answers out to nobody but the subnet's own ports. */
const SHOP = {
  name: 'shop',
  vpcs: {
    shop: {
      cidr: '10.0.0.0/16',
      internetGateway: true,
      subnets: {
        public: { cidr: '10.0.1.0/24', public: true },
        mute: { cidr: '10.0.2.0/24', public: true, networkAcl: 'mute' },
        spare: { cidr: '10.0.3.0/24' },
      },
    },
  },
  networkAcls: {
    mute: {
      vpc: 'shop',
      inbound: [{ rule: 100, action: 'allow', protocol: 'all', from: '0.0.0.0/0' }],
      outbound: [{ rule: 100, action: 'allow', protocol: 'tcp', ports: 443, to: '0.0.0.0/0' }],
    },
  },
  securityGroups: { web: { vpc: 'shop', ingress: [HTTPS] } },
  instances: {
    'web-1': { subnet: 'public', securityGroups: 'web', publicIp: true, listen: ['tcp/443', 'tcp/22'] },
    'mute-1': { subnet: 'mute', securityGroups: 'web', publicIp: true, listen: ['tcp/443'] },
  },
  internet: { stranger: '203.0.113.7' },
};

let lab: OpenLab;
let host: TestHost;
let page: Page;
beforeAll(async () => {
  lab = await openLab(SHOP);
  ({ host, page } = lab);
  await page.getByRole('heading', { name: 'Resource map' }).waitFor();
});
afterAll(async () => {
  await lab?.close();
  // The browser reports what the lab refused, too.
  expect(lab.complaints.filter((text) => !text.includes('status of 400'))).toEqual([]);
});

const hop = (name: string | RegExp) => page.getByRole('row', { name });
/** The radio button of the hop that the packet is at. */
const chosen = () => page.getByRole('radio', { checked: true });
const ask = (to: string, question: string) =>
  page.goto(new URL(`#/way?from=stranger&to=${to}&question=${encodeURIComponent(question)}`, page.url()).href);

it('shows where the request stops, by both opinions, and the code that AWS has for it', async () => {
  await ask('web-1', 'tcp/22');
  await page.getByRole('heading', { name: 'Not reachable' }).waitFor();
  await page.getByText('ENI_SG_RULES_MISMATCH').waitFor();
  await hop(/request\s*sg-ingress\s*web-1\.eth0\s*dropped\s*dropped/).waitFor();
});

it('steps back and forth, by buttons and by arrow keys', async () => {
  const last = await chosen().getAttribute('aria-label');
  await page.getByRole('button', { name: 'Previous hop' }).click();
  expect(await chosen().getAttribute('aria-label')).not.toBe(last);
  await page.getByRole('region', { name: /^Packet on the map/ }).press('ArrowRight');
  expect(await chosen().getAttribute('aria-label')).toBe(last);
  expect(await page.getByRole('button', { name: 'Next hop' }).isDisabled()).toBe(true);
});

it('tells a screen reader everything', async () => {
  expect(await seriousProblems(page)).toEqual([]);
});

it('applies a proposal, whose effects it has shown, and packets pass', async () => {
  await page.getByRole('button', { name: /Cells of the reachability matrix that it would turn \([1-9]\d*\)/ }).click();
  const turned = page.getByRole('table', { name: 'What the proposal would turn' });
  await turned.getByRole('row', { name: /stranger\s*web-1\s*tcp\/22.*connected/ }).waitFor();
  expect((await host.json<{ outcome: string }>(['probe', 'stranger', 'web-1', 'tcp/22'])).outcome).toBe('timed-out');
  await page.getByRole('button', { name: 'Apply this change' }).click();
  await page.getByRole('heading', { name: 'Reachable', exact: true }).waitFor();
  await page.getByRole('heading', { name: 'What would stop it' }).waitFor();
  expect((await host.json<{ outcome: string }>(['probe', 'stranger', 'web-1', 'tcp/22'])).outcome).toBe('connected');
});

it('shows a reply that a network ACL stops', async () => {
  await ask('mute-1', 'tcp/443');
  await page.getByRole('heading', { name: 'Not reachable' }).waitFor();
  await hop(/reply\s*nacl-outbound\s*mute\s*dropped\s*dropped/).waitFor();
  await page.getByText('SUBNET_ACL_RESTRICTION').waitFor();
});

it('shows markup as the text that it is, of the lab and of the URL', async () => {
  const row = hop(/request\s*sg-ingress\s*mute-1\.eth0/);
  await row.getByRole('radio').check();
  await page.getByRole('cell', { name: DESCRIPTION, exact: true }).waitFor();
  expect(await madeOfText(page)).toBe(0);
  await page.goto(
    new URL(`#/way?${new URLSearchParams({ from: MARKUP, to: MARKUP, question: 'tcp/22' })}`, page.url()).href,
  );
  await page.getByText(MARKUP).first().waitFor();
  expect(await madeOfText(page)).toBe(0);
});

describe.each([
  { list: 'Network ACLs', noun: 'network ACL', saved: 'Save changes', stops: 'nacl-inbound', other: 'shop.default' },
  { list: 'Route tables', noun: 'route table', saved: 'Save associations', stops: 'route', other: 'shop.public' },
])('a $noun of its own', ({ list, noun, saved, stops, other }) => {
  const probe = async () => (await host.json<{ outcome: string }>(['probe', 'stranger', 'web-1', 'tcp/443'])).outcome;
  const subnet = (name: string) =>
    page.getByRole('row', { name: new RegExp(`\\b${name} subnet-`) }).getByRole('checkbox');
  const editSubnets = async () => {
    await page.getByRole('tab', { name: 'Subnet associations' }).click();
    await page.getByRole('link', { name: 'Edit subnet associations' }).click();
  };

  it('is created with tags', async () => {
    await follow(page, list);
    await page.getByRole('link', { name: `Create ${noun}` }).click();
    await page.getByLabel('Name - optional').fill('made-here');
    await addTag(page, 'Team', 'networks');
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('button', { name: `Create ${noun}` }).click();
    await page.getByRole('tab', { name: 'Tags' }).click();
    await page.getByRole('row', { name: 'Name made-here' }).waitFor();
    await page.getByRole('row', { name: 'Team networks' }).waitFor();
  });

  it('stops packets of the subnet that it is associated with, and goes only after it is given up', async () => {
    await editSubnets();
    await subnet('public').check();
    const turned = page.getByRole('table', { name: 'What would change' });
    await turned
      .getByRole('row', { name: new RegExp(`stranger\\s*web-1\\s*tcp/443\\s*connected\\s*timed-out at ${stops}`) })
      .waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(await probe()).toBe('connected');
    await save(page, saved);
    expect(await probe()).toBe('timed-out');
    await page.getByRole('button', { name: `Delete ${noun}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText(/DependencyViolation: .* has dependencies and cannot be deleted/).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await follow(page, list);
    await page.getByRole('row', { name: other }).getByRole('link').click();
    await editSubnets();
    await subnet('public').check();
    await save(page, saved);
    expect(await probe()).toBe('connected');
  });

  it('takes a subnet that nobody looks at, gives it up, and is deleted', async () => {
    await follow(page, list);
    await page.getByRole('row', { name: 'made-here' }).getByRole('link').click();
    for (const isChosen of [true, false]) {
      await editSubnets();
      await subnet('spare').setChecked(isChosen);
      await page.getByRole('button', { name: saved }).click();
      await page.getByText('No cell turned.').waitFor();
    }
    await page.getByRole('button', { name: `Delete ${noun}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('It may have been deleted.').waitFor();
    await follow(page, list);
    await page.getByRole('heading', { name: new RegExp(`^${list}`), level: 1 }).waitFor();
    expect(await page.getByText('made-here').count()).toBe(0);
  });
});
