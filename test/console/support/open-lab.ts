/** A lab with its page, for the tests of a file. */
import type { Browser } from 'playwright-core';
import { TestHost } from '../../kernel/support/test-host.js';
import { type OpenPage, openPage, startBrowser } from './browser.js';

export interface OpenLab extends OpenPage {
  readonly host: TestHost;
  /** Ends all of it. */
  readonly close: () => Promise<void>;
}

/** The scenario on a host of its own, and its page in a browser there. */
export async function openLab(scenario: { readonly name: string }): Promise<OpenLab> {
  const host = await TestHost.start();
  let browser: Browser | null = null;
  const close = async () => {
    await browser?.close();
    await host.stop();
  };
  try {
    await host.json(['up', host.write(`${scenario.name}.yaml`, scenario)]);
    const { url } = await host.json<{ url: string }>(['console']);
    browser = await startBrowser(host);
    return { ...(await openPage(browser, url)), host, close };
  } catch (error) {
    await close();
    throw error;
  }
}
