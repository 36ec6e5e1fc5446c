/** docs/scenarios.md: its tables are the schema's, and its example is a scenario file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioReference } from './scenario-reference.js';

const DOCUMENT = 'docs/scenarios.md';
const TABLES = /(?<=<!-- from here on: made of the schema -->\n\n).*/s;

describe('docs/scenarios.md', () => {
  it('has the tables that the schema makes', async () => {
    const text = readFileSync(DOCUMENT, 'utf8');
    expect(text).toMatch(TABLES);
    await expect(text.replace(TABLES, () => scenarioReference())).toMatchFileSnapshot(path.resolve(DOCUMENT));
  });

  it('says of every key its type and an example, and leads to what keys share', () => {
    const text = scenarioReference();
    const keys = text.split('\n').filter((line) => line.startsWith('| `'));
    expect(keys.length).toBeGreaterThan(150);
    const incomplete = keys.map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
    expect(incomplete.filter(([, , type, , example]) => type === '' || example === '').map(([, key]) => key)).toEqual(
      [],
    );
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading.toLowerCase().replaceAll(' ', '-'),
    );
    for (const [, link] of text.matchAll(/\]\(#([^)]*)\)/g)) expect(headings).toContain(link);
  });
});
