import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesByStatement, loadProofs, NOT_COVERED } from '../../../../src/verify/conformance/files.js';
import { selectStatements } from '../../../../src/verify/conformance/select.js';
import { SECTIONS, STATEMENTS } from '../../../../src/verify/conformance/statements/index.js';

const DOCUMENT = fs.readFileSync('docs/aws-semantics.md', 'utf8');
const plain = (markdown: string) => markdown.replaceAll(/[*`]/g, '');

describe('the index', () => {
  it('has S1 to S126, each once and in order', () => {
    const numbers = Array.from({ length: 126 }, (_, at) => `S${at + 1}`);
    expect(STATEMENTS.map(({ id }) => id)).toEqual(numbers);
  });

  it('says what docs/aws-semantics.md says', () => {
    const rows = [...DOCUMENT.matchAll(/^\| (S\d+) \| (.*) \| (.*) \|$/gm)].map(([, id, title = '', source = '']) => ({
      id,
      title: plain(title),
      source: plain(source),
    }));
    expect(STATEMENTS).toEqual(rows);
    for (const { number, title } of SECTIONS) expect(DOCUMENT).toContain(`\n### ${number} ${title}\n`);
  });

  it('gives a reason only for statements that have no file', () => {
    const files = filesByStatement();
    expect(Object.keys(NOT_COVERED).filter((id) => files.has(id))).toEqual([]);
    expect(Object.keys(NOT_COVERED).filter((id) => !STATEMENTS.some((each) => each.id === id))).toEqual([]);
  });
});

describe.each([...filesByStatement()].flatMap(([id, files]) => files.map((file) => ({ id, file }))))(
  '$id',
  ({ id, file }) => {
    const name = path.basename(file, '.yaml');
    const source = STATEMENTS.find((statement) => statement.id === id)?.source ?? '';

    it(`is ${name}.yaml, which begins with the statement and its source`, () => {
      const head = fs.readFileSync(file, 'utf8').split(/^[^#]/m)[0] ?? '';
      expect(head).toMatch(new RegExp(`^# ${id} \\(`));
      expect(plain(head)).toContain(source.split(/[,;]/)[0]);
    });

    it(`is a lab named ${name.toLowerCase()}, whose steps send packets`, async () => {
      const proofs = await loadProofs(selectStatements([id]));
      const scenario = proofs.flatMap(({ files }) => files).find((each) => each.file === file)?.scenario;
      expect(scenario?.name).toBe(name.toLowerCase());
      expect(scenario?.description).toMatch(/^[A-Z`].{10,}[^.]$/);
    });
  },
);
