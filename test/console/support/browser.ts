/** Debian's Chromium on a test host: what it opens is that host's loopback. */
import fs from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { TestHost } from '../../kernel/support/test-host.js';

/** Milliseconds after which a page that shows nothing is broken, not slow. */
const HANGS_MS = 120_000;

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];

/** A browser whose processes all live on the host, and end with it. */
export async function startBrowser(host: TestHost): Promise<Browser> {
  const wrapper = path.join(host.directory, 'chromium');
  const enter = `exec nsenter -t ${host.pid} --mount --net -- env SGLAB_TEST_HOST="${host.mark}" HOME="${host.home}" chromium "$@"`;
  fs.writeFileSync(wrapper, `#!/bin/sh\n${enter}\n`, { mode: 0o755 });
  return chromium.launch({ executablePath: wrapper, args: FLAGS, timeout: HANGS_MS });
}

export interface OpenPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained about so far: uncaught errors, refused resources, messages of the policy, dialogs. */
  readonly complaints: readonly string[];
}

interface View {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** A page in a profile of its own. */
export async function openPage(browser: Browser, url: string, view: View = {}): Promise<OpenPage> {
  const { width = 1280, height = 800, colorScheme = 'light' } = view;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  context.setDefaultTimeout(HANGS_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return { context, page, complaints };
}
