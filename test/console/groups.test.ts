/** The seeds' steps in the console, from a Region without a group of one's own to a reachable web server and a closed database. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestHost } from '../kernel/support/test-host.js';
import { seriousProblems } from './support/axe.js';
import { type OpenPage, openPage, startBrowser } from './support/browser.js';
import { addTag, choose, follow, save } from './support/steps.js';

let host: TestHost;
let browser: Browser;
let opened: OpenPage;
let page: Page;
let endpoint: string;

beforeAll(async () => {
  host = await TestHost.start();
  await host.json(['serve', '--lab', 'region', '--no-auth']);
  ({ endpoint } = await host.json<{ endpoint: string }>(['status']));
  await run('web-1', 'tcp/80');
  await run('db-1', 'tcp/3306');
  const { url } = await host.json<{ url: string }>(['console']);
  browser = await startBrowser(host);
  opened = await openPage(browser, url);
  ({ page } = opened);
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

/** Any client of the lab's EC2 API. @returns the answer as text */
function ec2(action: string, parameters: Readonly<Record<string, string>>): Promise<string> {
  const form = new URLSearchParams({ Action: action, Version: '2016-11-15', ...parameters }).toString();
  const credential = 'Credential=AKID/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=00';
  return host.run('curl', [
    '-sS',
    '--fail-with-body',
    endpoint,
    '-H',
    `Authorization: AWS4-HMAC-SHA256 ${credential}`,
    '-d',
    form,
  ]);
}

function run(name: string, listen: string): Promise<string> {
  return ec2('RunInstances', {
    ImageId: 'ami-0abcdef1234567890',
    MinCount: '1',
    MaxCount: '1',
    'TagSpecification.1.ResourceType': 'instance',
    'TagSpecification.1.Tag.1.Key': 'Name',
    'TagSpecification.1.Tag.1.Value': name,
    'TagSpecification.1.Tag.2.Key': 'sglab:listen',
    'TagSpecification.1.Tag.2.Value': listen,
  });
}

async function probe(from: string, to: string, what: string): Promise<string> {
  const { stdout } = await host.sglab(['probe', from, to, what, '--json']);
  return (JSON.parse(stdout) as { outcome: string }).outcome;
}

const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1 });

/** @returns the id of the new group */
async function createGroup(name: string, addInbound: () => Promise<void>): Promise<string> {
  await follow(page, 'Security groups');
  await page.getByRole('link', { name: 'Create security group' }).click();
  await page.getByLabel('Security group name').fill(name);
  await page.getByLabel('Description', { exact: true }).fill(`${name} servers`);
  await page.getByRole('button', { name: 'Add rule' }).first().click();
  await addInbound();
  await addTag(page, 'Team', name);
  await page.getByRole('button', { name: 'Create security group' }).click();
  await heading(new RegExp(`- ${name}$`)).waitFor();
  await page.getByRole('tab', { name: 'Tags' }).click();
  await page.getByRole('row', { name: `Team ${name}` }).waitFor();
  return (await heading(/- /).innerText()).split(' ')[0] ?? '';
}

async function changeGroups(instance: string, groupId: string): Promise<void> {
  await follow(page, 'Instances');
  await page.getByRole('row', { name: instance }).getByRole('link').first().click();
  await page.getByRole('link', { name: 'Change security groups' }).click();
  await page.getByRole('button', { name: /^Remove sg-/ }).click();
  await choose(page.getByLabel(/^Security groups of/), new RegExp(groupId));
  await page.keyboard.press('Escape');
  await save(page, 'Save');
}

const groups: Record<'web' | 'db', string> = { web: '', db: '' };

it('a web server that everybody reaches, and a database that only it reaches', async () => {
  groups.web = await createGroup('web', async () => {
    await choose(page.getByRole('button', { name: /^Type of inbound rule 1/ }), 'HTTP');
    await choose(page.getByLabel('Source type of inbound rule 1'), 'Anywhere-IPv4');
  });
  groups.db = await createGroup('db', async () => {
    await choose(page.getByRole('button', { name: /^Type of inbound rule 1/ }), 'MYSQL/Aurora');
    await choose(page.getByLabel('Source of inbound rule 1'), new RegExp(groups.web));
  });
  await changeGroups('web-1', groups.web);
  await changeGroups('db-1', groups.db);
  expect(await probe('stranger', 'web-1', 'tcp/80')).toBe('connected');
  expect(await probe('stranger', 'db-1', 'tcp/3306')).toBe('timed-out');
  expect(await probe('web-1', 'db-1', 'tcp/3306')).toBe('connected');
});

describe('the inbound rules of a group', () => {
  it('tell what would turn before they are saved, and by packets what did', async () => {
    await page.goto(`${page.url().split('#')[0]}#/groups/${groups.db}/edit-inbound-rules`);
    await page.getByRole('button', { name: 'Add rule' }).click();
    await choose(page.getByRole('button', { name: /^Type of inbound rule 2/ }), 'MYSQL/Aurora');
    await choose(page.getByLabel('Source type of inbound rule 2'), 'My IP');
    await choose(page.getByLabel('Source host of inbound rule 2'), /stranger/);
    await page.getByLabel('Description of inbound rule 2').fill('the world');
    const turned = page
      .getByRole('table', { name: 'What would change' })
      .getByRole('row', { name: /stranger db-1 tcp\/3306/ });
    expect(await turned.innerText()).toMatch(/timed-out at sg-ingress[\s\S]*connected[\s\S]*203\.0\.113\.7\/32/);
    expect(await seriousProblems(page)).toEqual([]);
    expect(await probe('stranger', 'db-1', 'tcp/3306')).toBe('timed-out');
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('Packets met what the model said.').waitFor();
    const proved = page.getByRole('table', { name: 'What changed' }).getByRole('row', { name: /stranger db-1/ });
    expect(await proved.innerText()).toMatch(/connected[\s\S]*tcp\/3306 from 203\.0\.113\.7\/32/);
    expect(await probe('stranger', 'db-1', 'tcp/3306')).toBe('connected');
  });

  it('are shown as others change them, in the open form, too, which loses nothing', async () => {
    await page.getByRole('link', { name: 'Edit inbound rules' }).click();
    await page.getByLabel('Description of inbound rule 1').fill('from the web servers');
    await host.json(['authorize', groups.db, 'tcp/22 from 198.51.100.0/24']);
    await page.getByText('changed while you were editing it').waitFor();
    await page.getByText('Added meanwhile').waitFor();
    await page.getByRole('button', { name: 'Save rules' }).click();
    await heading(/- db$/).waitFor();
    const rules = page.getByRole('table', { name: 'Inbound rules' });
    await rules.getByRole('row', { name: /SSH.*198\.51\.100\.0\/24/ }).waitFor();
    await rules.getByRole('row', { name: /from the web servers/ }).waitFor();
    await host.json(['revoke', groups.db, 'tcp/22 from 198.51.100.0/24']);
    await rules.getByRole('row', { name: /SSH/ }).waitFor({ state: 'detached' });
  });

  it('are refused in words of AWS before anything is saved', async () => {
    await page.getByRole('link', { name: 'Edit inbound rules' }).click();
    await page.getByLabel('Source of inbound rule 1').fill('10.0.0.300/8');
    await page.getByText('CIDR block 10.0.0.300/8 is malformed').waitFor();
    expect(await page.getByRole('button', { name: 'Save rules' }).isDisabled()).toBe(true);
  });
});

describe('what stands beside security groups', () => {
  it('a network ACL: an entry that denies is told, proved, and taken away', async () => {
    await follow(page, 'Network ACLs');
    await page.getByRole('link', { name: /^acl-/ }).click();
    await page.getByRole('link', { name: 'Edit inbound rules' }).click();
    await page.getByRole('button', { name: 'Add new rule' }).click();
    await page.getByLabel('Rule number of entry 2').fill('90');
    await choose(page.getByRole('button', { name: /^Type of entry 2/ }), 'HTTP');
    await page.getByLabel('Source of entry 2').fill('203.0.113.7/32');
    await choose(page.getByRole('button', { name: 'Allow/Deny of entry 2' }), 'Deny');
    const turned = page
      .getByRole('table', { name: 'What would change' })
      .getByRole('row', { name: /stranger web-1 tcp\/80/ });
    expect(await turned.innerText()).toMatch(/connected[\s\S]*timed-out at nacl-inbound/);
    await save(page, 'Save changes');
    await page.getByRole('row', { name: /90 HTTP TCP 80 203\.0\.113\.7\/32 Deny/ }).waitFor();
    expect(await probe('stranger', 'web-1', 'tcp/80')).toBe('timed-out');
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('link', { name: 'Edit inbound rules' }).click();
    await page.getByRole('button', { name: 'Remove entry 90' }).click();
    await save(page, 'Save changes');
    expect(await probe('stranger', 'web-1', 'tcp/80')).toBe('connected');
  });

  it('a route table: a route that goes, and comes again', async () => {
    await follow(page, 'Route tables');
    await page.getByRole('link', { name: /^rtb-/ }).click();
    const gateway = await page.getByRole('cell', { name: /^igw-/ }).innerText();
    await page.getByRole('link', { name: 'Edit routes' }).click();
    await page.getByRole('button', { name: 'Remove route 0.0.0.0/0' }).click();
    await save(page, 'Save changes');
    expect(await probe('stranger', 'web-1', 'tcp/80')).toBe('timed-out');
    await page.getByRole('link', { name: 'Edit routes' }).click();
    await page.getByRole('button', { name: 'Add route' }).click();
    await page.getByLabel('Destination of route 2').fill('0.0.0.0/0');
    await choose(page.getByRole('button', { name: /^Target of route 2/ }), gateway);
    expect(await seriousProblems(page)).toEqual([]);
    await save(page, 'Save changes');
    expect(await probe('stranger', 'web-1', 'tcp/80')).toBe('connected');
  });
});

it('deletes no group that is in use, and says so in words of AWS', async () => {
  await follow(page, 'Security groups');
  await page.getByRole('checkbox', { name: `Select ${groups.web}` }).check();
  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete security groups' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText(`DependencyViolation: resource ${groups.web} has a dependent object`).waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
});

it('shows markup as the text that it is', async () => {
  const NAMES = ['<img src=x onerror=alert(1)>', '<script>alert(2)</script>', 'web\u202egnp.exe'];
  for (const [at, id] of [groups.web, groups.db, groups.db].entries()) {
    const [Value = ''] = NAMES.slice(at);
    await ec2('CreateTags', { 'ResourceId.1': id, 'Tag.1.Key': at === 2 ? 'Owner' : 'Name', 'Tag.1.Value': Value });
  }
  await page.getByRole('cell', { name: NAMES[0] ?? '', exact: true }).waitFor();
  await page.getByRole('cell', { name: NAMES[1] ?? '', exact: true }).waitFor();
  await page.getByRole('link', { name: groups.db }).click();
  await page.getByRole('tab', { name: 'Tags' }).click();
  await page.getByRole('cell', { name: 'web\\u202egnp.exe' }).waitFor();
  expect(await page.locator('img').count()).toBe(0);
  // The browser reports what the lab refused, too.
  expect(opened.complaints.filter((text) => !text.includes('status of 400'))).toEqual([]);
});

it('has nothing on its pages that keeps people from using them', async () => {
  for (const place of ['groups', `groups/${groups.db}`, 'groups/create', 'instances', 'network-acls', 'route-tables']) {
    await page.goto(`${page.url().split('#')[0]}#/${place}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await seriousProblems(page), place).toEqual([]);
  }
});
