/** docs/ec2-api.md names every action that is supported, and no other one. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ACTIONS_BY_FAMILY } from '../../../src/ec2/supported-actions.js';

const DOCUMENT = 'docs/ec2-api.md';
/** The literal types of all names are too deep for the compiler. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = ACTIONS_BY_FAMILY;
const TABLE = /(?<=\| Family \| Actions \|\n\|---\|---\|\n)(?:\|.*\n)*/;

it('names the supported actions', async () => {
  const rows = Object.entries(FAMILIES).map(([family, actions]) => `| ${family} | ${actions.join(', ')} |\n`);
  const text = readFileSync(DOCUMENT, 'utf8');
  expect(text).toMatch(TABLE);
  await expect(text.replace(TABLE, rows.join(''))).toMatchFileSnapshot(path.resolve(DOCUMENT));
});
