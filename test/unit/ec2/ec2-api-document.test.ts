/** docs/ec2-api.md names every action that is supported, and no other one. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { HANDLERS_BY_FAMILY } from '../../../src/ec2/handlers.js';

const DOCUMENT = 'docs/ec2-api.md';
const TABLE = /(?<=\| Family \| Actions \|\n\|---\|---\|\n)(?:\|.*\n)*/;

it('names the supported actions', async () => {
  const rows = Object.entries(HANDLERS_BY_FAMILY).map(
    ([family, handlers]) => `| ${family} | ${Object.keys(handlers).join(', ')} |\n`,
  );
  const text = readFileSync(DOCUMENT, 'utf8');
  expect(text).toMatch(TABLE);
  await expect(text.replace(TABLE, rows.join(''))).toMatchFileSnapshot(path.resolve(DOCUMENT));
});
