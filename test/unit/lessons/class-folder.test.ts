/** Whose a file of a class's folder is, and which are nobody's. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readClassFolder } from '../../../src/lessons/submissions/class-folder.js';

let directory: string;
beforeAll(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-class-'));
});
afterAll(() => fs.rmSync(directory, { recursive: true }));

it('a person has a file or a folder; notes and what desktops leave are nobody’s', () => {
  const names = [
    ...['anna.txt', 'anna.yaml', 'ben.md', 'carl/.bash_history', 'dora/a.sh', 'dora/b.sh', 'dora/README.txt'],
    ...['README', 'readme.md', 'LICENSE.txt', 'grades.csv', 'old.html', 'ben.md~', '~$eva.docx', 'Thumbs.db'],
    ...['.DS_Store', '.git/config', 'empty/.keep'],
  ];
  for (const name of names) {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    fs.writeFileSync(path.join(directory, name), '');
  }
  const { submissions, ignored } = readClassFolder(directory);
  expect(submissions.map(({ submission }) => submission)).toEqual([
    ...['anna.txt', 'anna.yaml', 'ben', 'carl', 'dora/a', 'dora/b'],
  ]);
  expect(ignored).toEqual([
    ...['LICENSE.txt', 'README', 'Thumbs.db', 'ben.md~', 'grades.csv', 'old.html', 'readme.md', '~$eva.docx'],
  ]);
});
