/** A shell in the page: inside its machine, for nobody else, and only where the console was opened with terminals. */
import fs from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SMALL } from '../kernel/support/small-lab.js';
import { TestHost } from '../kernel/support/test-host.js';
import { until } from '../kernel/support/until.js';
import { seriousProblems } from './support/axe.js';
import { openPage, startBrowser } from './support/browser.js';

let host: TestHost;
let browser: Browser;
let url: URL;
beforeAll(async () => {
  host = await TestHost.start();
  await host.json(['up', host.write('small.yaml', SMALL)]);
  url = await openConsole('--terminals');
  browser = await startBrowser(host);
});
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});

async function openConsole(...options: string[]): Promise<URL> {
  return new URL((await host.json<{ url: string }>(['console', ...options])).url);
}

/** What runs on a terminal, and what holds it. */
const onTerminals = () => host.processes(/^bash\0|\0exec\0small\//);

/** A page with a terminal in `web` that takes input. */
async function openTerminal(): Promise<Page> {
  const { page } = await openPage(browser, url.href);
  await page.getByRole('heading', { name: 'Resource map' }).waitFor();
  await page.getByRole('link', { name: 'Terminal' }).click();
  await page.getByRole('main').getByRole('link', { name: 'web' }).click();
  await says(page, /[#$] *$/);
  return page;
}

/** Waits until a line of the terminal says so. @returns the line */
async function says(page: Page, line: RegExp): Promise<string> {
  const found = page.getByRole('region', { name: 'Terminal' }).getByRole('listitem').filter({ hasText: line }).last();
  await found.waitFor();
  return (await found.textContent()) ?? '';
}

/** Types into whatever has the focus: the terminal has it as soon as it is there. */
async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

describe('with --terminals', () => {
  it('the shell is inside the machine', async () => {
    const page = await openTerminal();
    await type(page, 'hostname; id -u; ip -br addr show eth0; echo net=$(readlink /proc/self/ns/net) pid=$$');
    await says(page, /^web$/);
    await says(page, /^0$/);
    await says(page, /eth0.*10\.0\.1\./);
    const [, net, pid] = /net=(\S+) pid=(\d+)/.exec(await says(page, /^net=net:\[\d+\] pid=\d+/)) ?? [];
    expect(net).not.toBe(fs.readlinkSync(`/proc/${host.pid}/ns/net`));
    expect(Number(pid)).toBeLessThan(100);
    await type(page, `ls ${host.runDirectory} || echo nothing of the host`);
    await says(page, /^nothing of the host/);
    await page.context().close();
  });

  it('the program knows how large the page is, and that it changes', async () => {
    const page = await openTerminal();
    const columns = async (name: string) => {
      await type(page, `echo ${name}=$(tput cols)`);
      return Number(/=(\d+)/.exec(await says(page, new RegExp(`^${name}=\\d+`)))?.[1]);
    };
    const before = await columns('before');
    expect(before).not.toBe(80);
    await page.setViewportSize({ width: 1920, height: 1080 });
    await until('the terminal is wider', async () => (await columns('after')) > before);
    await page.context().close();
  });

  it('more output than anybody reads passes, and input goes on', async () => {
    const page = await openTerminal();
    await type(page, 'seq 300000; echo done=$((1+1))');
    await says(page, /^done=2/);
    await page.context().close();
  });

  it('nothing of it is left when the page is gone, not even what ignores that', async () => {
    const page = await openTerminal();
    await type(page, "trap '' HUP TERM; sleep 5000 & echo started=$((1+1)); sleep 6000");
    await says(page, /^started=2/);
    await until('both run', () => host.processes(/^sleep\W[56]000\W/).length === 2);
    expect(onTerminals().length).toBeGreaterThanOrEqual(2);
    await page.context().close();
    await until('they have ended', () => [...onTerminals(), ...host.processes(/^sleep\W[56]000\W/)].length === 0);
  });

  it('the keyboard leaves it, and the end of the shell is said', async () => {
    const page = await openTerminal();
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.press('Control+Shift+ArrowUp');
    // Only the button that has the focus takes the key.
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Terminal input' }).waitFor();
    await page.getByRole('textbox', { name: 'Terminal input' }).focus();
    await type(page, 'exit 7');
    await page.getByText('The shell ended with exit code 7.').waitFor();
    await page.keyboard.press('Enter');
    await says(page, /[#$] *$/);
    await page.context().close();
  });

  it('is reached from a machine, and ends with it', async () => {
    const { page, context } = await openPage(browser, url.href);
    await page.getByRole('link', { name: 'Instances', exact: true }).click();
    await page.getByRole('row', { name: 'app' }).getByRole('link').first().click();
    await page.getByRole('link', { name: 'Connect' }).click();
    await says(page, /[#$] *$/);
    await type(page, "trap '' HUP TERM; sleep 7000");
    await until('it runs', () => host.processes(/^sleep\W7000\W/).length === 1);
    await host.json(['change', 'terminate: app']);
    await page.getByText('Not found').waitFor();
    await until('all have ended', () => [...onTerminals(), ...host.processes(/^sleep\W7000\W/)].length === 0);
    await context.close();
  });

  it('no more than 16 are open', async () => {
    const { page, context } = await openPage(browser, url.href);
    await page.getByRole('heading', { name: 'Resource map' }).waitFor();
    const refusals = await page.evaluate(OPEN_17);
    expect(refusals).toEqual(['16 terminals are open, and no more can be.']);
    await context.close();
    await until('they have ended', () => onTerminals().length === 0);
  });

  it('they end when the console is opened without', async () => {
    const page = await openTerminal();
    await openConsole();
    await page.getByText('The controller has ended it, or does not answer.').waitFor();
    await until('they have ended', () => onTerminals().length === 0);
    await openConsole('--terminals');
    await page.context().close();
  });
});

/** Opens a terminal more than there may be. @returns the reasons of those that were closed, when the first one was */
const OPEN_17 = `new Promise((resolve) => {
  for (let n = 0; n < 17; n += 1) {
    const socket = new WebSocket('ws://' + location.host + '/terminal?machine=web');
    socket.onclose = ({ reason }) => resolve([reason]);
  }
})`;

/** Asks for an upgrade as a browser does, and prints the status: 101 for who gets it. */
const UPGRADE = `const [url, headers] = JSON.parse(process.argv[1]);
const end = ({ statusCode }) => { console.log(statusCode); process.exit(); };
require('node:http').request(url, { headers }).on('upgrade', end).on('response', end).end();`;

interface Guest {
  readonly cookie?: string;
  /** Left out: the console's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly where?: string;
}

async function upgrade({ cookie, headers = {}, where = '/terminal?machine=web' }: Guest): Promise<number> {
  const own = {
    ...{ Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
    ...{ 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', Origin: url.origin },
    ...(cookie === undefined ? {} : { Cookie: cookie }),
  };
  const asked = JSON.stringify([`${url.origin}${where}`, { ...own, ...headers }]);
  return Number(await host.run(process.execPath, ['-e', UPGRADE, asked]));
}

/** As a browser has it that opened the page. */
async function readCookie(): Promise<string> {
  const { page, context } = await openPage(browser, url.href);
  await page.getByRole('heading', { name: 'Resource map' }).waitFor();
  const [cookie] = await context.cookies(url.origin);
  await context.close();
  return `${cookie?.name}=${cookie?.value}`;
}

describe('a request to upgrade', () => {
  let cookie: string;
  beforeAll(async () => {
    cookie = await readCookie();
  });

  it('opens a terminal with all that the page has', async () => {
    expect(await upgrade({ cookie })).toBe(101);
    await until('it has ended with its socket', () => onTerminals().length === 0);
  });

  it('is refused without the cookie, and with a wrong one', async () => {
    expect(await upgrade({})).toBe(401);
    expect(await upgrade({ cookie: `${cookie}x` })).toBe(401);
  });

  it('is refused from another page', async () => {
    for (const headers of [
      { Origin: 'http://evil.example' },
      { Origin: 'null' },
      { Origin: `http://127.0.0.1:${Number(url.port) + 1}` },
      { Host: 'evil.example', Origin: 'http://evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ])
      expect(await upgrade({ cookie, headers }), JSON.stringify(headers)).toBe(403);
  });

  it('is refused for what is not there', async () => {
    for (const where of ['/', '/events', '/api/exec', '/terminal/web', '/terminal', '/terminal?machine=--lab', '//x'])
      expect(await upgrade({ cookie, where }), where).toBe(404);
    expect(onTerminals()).toEqual([]);
  });

  it('is refused without --terminals, and the page offers none', async () => {
    await openConsole();
    expect(await upgrade({ cookie })).toBe(403);
    const { page, context } = await openPage(browser, url.href);
    await page.getByRole('link', { name: 'Instances', exact: true }).click();
    await page.getByRole('link', { name: /^i-/ }).first().click();
    await page.getByRole('link', { name: 'Change security groups' }).waitFor();
    expect(await page.getByRole('link', { name: /Connect|Terminal/ }).count()).toBe(0);
    await context.close();
  });
});

it('ends with the lab', async () => {
  await openConsole('--terminals');
  const page = await openTerminal();
  await host.json(['down', 'small']);
  await page.getByText('The lab is down').waitFor();
  await until('all have ended', () => onTerminals().length === 0);
  await page.context().close();
});
