import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findInFile } from '../../../../src/cli/run-audit.js';

const FILES = fs
  .readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && path.basename(file) !== 'lesson.yaml')
  .map((file) => path.join('scenarios', file));

it.each(FILES)('%s: every finding has its line', async (file) => {
  const { audited } = await findInFile(file);
  const lines = fs.readFileSync(file, 'utf8').split('\n').length;
  for (const { place, proof } of audited) {
    expect(place).toEqual({ file, line: expect.any(Number) });
    expect(place?.line).toBeLessThanOrEqual(lines);
    expect(proof.status).toBe('not-tried');
  }
});

it('a rule is found in its own line', async () => {
  const file = 'test/fixtures/careless.yaml';
  const text = fs.readFileSync(file, 'utf8').split('\n');
  const { audited } = await findInFile(file);
  const lineOf = (kind: string) => {
    const line = audited.find(({ finding }) => finding.kind === kind)?.place?.line ?? 0;
    return text[line - 1]?.trim();
  };
  expect(lineOf('ssh-open')).toBe('- { protocol: tcp, ports: 22, from: 0.0.0.0/0 }');
  expect(lineOf('stale-reference')).toBe('- { protocol: tcp, ports: 5432, from: far-away }');
  expect(lineOf('unused-group')).toBe('retired: { vpc: shop, ingress: [] }');
});
