/** What axe-core finds on a page. */

import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, Result } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** As the button of the page does, which a dialog may cover. */
const OTHER_MODE = "document.body.classList.toggle('awsui-dark-mode')";

/** Violations that keep people from using the page in either mode, each with the first element that has it. */
export async function seriousProblems(page: Page): Promise<string[]> {
  // The policy of the page admits no other script; the debugger is not asked.
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run(document)')) as AxeResults;
  await page.evaluate(OTHER_MODE);
  // All that a mode changes is colours.
  const other = (await page.evaluate("axe.run(document, { runOnly: ['color-contrast'] })")) as AxeResults;
  await page.evaluate(OTHER_MODE);
  return [...serious(violations), ...serious(other.violations).map((problem) => `in the other mode: ${problem}`)];
}

function serious(violations: readonly Result[]): string[] {
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
