/** docs/ec2-api.md names every action that is supported, and no other one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ACTIONS_BY_FAMILY } from '../../../src/ec2/supported-actions.js';

/** `SGLAB_UPDATE=1 npx vitest run --project unit test/unit/ec2/ec2-api-document.test.ts` writes the table anew. */
const DOCUMENT = 'docs/ec2-api.md';
/** The literal types of all names are too deep for the compiler. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = ACTIONS_BY_FAMILY;
const TABLE = /(?<=\| Family \| Actions \|\n\|---\|---\|\n)(?:\|.*\n)*/;

it('names the supported actions', () => {
  const rows = Object.entries(FAMILIES).map(([family, actions]) => `| ${family} | ${actions.join(', ')} |\n`);
  const text = readFileSync(DOCUMENT, 'utf8');
  if (process.env.SGLAB_UPDATE === '1') writeFileSync(DOCUMENT, text.replace(TABLE, rows.join('')));
  expect(readFileSync(DOCUMENT, 'utf8')).toMatch(TABLE);
  expect(TABLE.exec(readFileSync(DOCUMENT, 'utf8'))?.[0]).toBe(rows.join(''));
});
