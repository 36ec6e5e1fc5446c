/** The table of what the README promises: its words are the README's, and its tests exist. */
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';

const flat = (text: string) => text.replaceAll(/\s+/g, ' ');
const readme = flat(fs.readFileSync('README.md', 'utf8'));
const [, section = ''] = fs.readFileSync('docs/reliability.md', 'utf8').split('## What the README says about safety');
const rows = [...section.matchAll(/^\| (?!The README|-)(.+) \| (.+) \|$/gm)].map(([, words = '', tests = '']) => ({
  words,
  tests,
}));

/** `file`: `title`, `title` */
function namedTests(cell: string): { file: string; title: string }[] {
  let file = '';
  return [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, word = '']) => {
    if (!word.startsWith('test/')) return [{ file, title: word }];
    file = word;
    return [];
  });
}

it('there are rows', () => {
  expect(rows.length).toBeGreaterThan(20);
});

describe.each(rows)('$words', ({ words, tests }) => {
  it('is in the README', () => {
    expect(readme).toContain(flat(words));
  });

  it('has tests', () => {
    const files = [...tests.matchAll(/`((?:test|scenarios)\/[^`]+)`/g)].map(([, file = '']) => file);
    expect(files.filter((file) => !fs.existsSync(file))).toEqual([]);
    expect(files).not.toEqual([]);
    for (const { file, title } of namedTests(tests).filter(
      (each) => each.file !== '' && !each.title.startsWith('scenarios/'),
    )) {
      expect(flat(fs.readFileSync(file, 'utf8')), file).toContain(title);
    }
  });
});
