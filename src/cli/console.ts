import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { EXIT, SglabError } from '../errors.js';
import { readyHost } from './host.js';
import { print } from './output.js';

interface ConsoleOptions {
  readonly json?: boolean;
  readonly open?: boolean;
  readonly terminals?: boolean;
}

const HELP = `
Example:
  $ sudo sglab console
  $ sudo sglab console shop --open

The page is served on loopback by the lab's controller until the lab goes down,
and works offline. Its URL has the token that lets a browser in: keep it to
yourself as you would the lab. From another computer, forward the port:
  $ ssh -L 4680:127.0.0.1:4680 HOST`;

export function registerConsole(program: Command): void {
  program
    .command('console [lab]')
    .summary('see a lab in a browser, and change it there')
    .description(
      "Prints the URL of a lab's page: its picture, security groups as in the AWS console, reachability, the way of each packet.",
    )
    .option('--open', 'open it in the browser of the user at the terminal')
    .option('--terminals', 'the page may open terminals inside machines')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(openConsole);
}

async function openConsole(
  word: string | undefined,
  { json = false, open = false, terminals = false }: ConsoleOptions,
): Promise<void> {
  await readyHost();
  const { call, chooseLab } = await import('../controller/client.js');
  const lab = chooseLab(word);
  const { url } = await call(lab, 'console', { terminals });
  await print(
    json,
    () => ({ lab, url, terminals }),
    () => `${url}\n`,
  );
  if (open) await openInBrowser(url);
}

/** Milliseconds in which a browser reads the file that leads it to the page. */
const READ_MS = 10_000;

/**
 * By a file that only its reader can read: every user of this host sees the arguments of a program, and the URL has the
 * token. The browser is the user's, not root's.
 */
async function openInBrowser(url: string): Promise<void> {
  const { run } = await import('../kernel/process.js');
  const { SUDO_UID, SUDO_GID, SUDO_USER } = process.env;
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-console-'));
  try {
    const file = path.join(directory, 'open.html');
    const redirect = `<!doctype html><meta http-equiv="refresh" content="0; url=${url}"><title>sglab</title>`;
    fs.writeFileSync(file, redirect, { mode: 0o600 });
    if (SUDO_UID !== undefined && SUDO_GID !== undefined)
      for (const each of [directory, file]) fs.chownSync(each, Number(SUDO_UID), Number(SUDO_GID));
    if (SUDO_USER === undefined) await run('xdg-open', [file]);
    else await run('runuser', ['-u', SUDO_USER, '--', 'xdg-open', file]);
    await sleep(READ_MS);
  } catch (cause) {
    throw new SglabError('NoBrowser', 'no browser could be opened: xdg-open failed', {
      exitCode: EXIT.hostCannot,
      hint: 'open the URL above by hand',
      cause,
    });
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}
