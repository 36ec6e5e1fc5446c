import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadProofs, type Proof, reasonNotCovered } from '../../../../src/verify/conformance/files.js';
import { SECTIONS } from '../../../../src/verify/conformance/statements/index.js';

const DOCUMENT = 'docs/conformance.md';
const HEADING = '## Which file proves what\n';

async function table(): Promise<string> {
  const sections = await Promise.all(
    SECTIONS.map(async ({ number, title, statements }) => {
      const rows = (await loadProofs(statements)).map(row);
      return [`### ${number} ${title}`, '| # | File | What it shows |', '|---|---|---|', ...rows].join('\n');
    }),
  );
  return `${sections.join('\n\n')}\n`;
}

function row({ statement, files }: Proof): string {
  if (files.length === 0) return `| ${statement.id} | – | not covered: ${reasonNotCovered(statement.id)} |`;
  const names = files.map(({ file }) => path.basename(file, '.yaml')).join('<br>');
  return `| ${statement.id} | ${names} | ${files.map(({ scenario }) => scenario.description).join('<br>')} |`;
}

it('docs/conformance.md has the files that there are', async () => {
  const [text = ''] = fs.readFileSync(DOCUMENT, 'utf8').split(HEADING);
  await expect(`${text}${HEADING}\n${await table()}`).toMatchFileSnapshot(path.resolve(DOCUMENT));
});
