import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { filesByStatement, loadProofs } from '../../../../src/verify/conformance/files.js';
import { selectStatements } from '../../../../src/verify/conformance/select.js';

const roots: string[] = [];
let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-conformance-'));
  roots.push(folder);
});
afterAll(() => {
  for (const root of roots) fs.rmSync(root, { recursive: true, force: true });
});

function write(name: string, steps: object[]): void {
  const vpcs = { main: { cidr: '10.0.0.0/16', subnets: { a: { cidr: '10.0.1.0/24' } } } };
  const instances = { c: { subnet: 'a' }, v: { subnet: 'a' } };
  fs.writeFileSync(path.join(folder, name), JSON.stringify({ name: 'some', vpcs, instances, steps }));
}

const probe = { probe: 'c -> v tcp/80', expect: 'refused' };

it('a statement may have several files, and one without any has none', async () => {
  write('S082-rules.yaml', [probe]);
  write('S082-related.yaml', [probe]);
  const proofs = await loadProofs(selectStatements(['S82', 'S83']), folder);
  const found = proofs.map(({ statement, files }) => [statement.id, files.map(({ file }) => path.basename(file))]);
  expect(found).toEqual([
    ['S82', ['S082-related.yaml', 'S082-rules.yaml']],
    ['S83', []],
  ]);
});

it.each([[[]], [[{ authorize: { group: 'default', ingress: { protocol: 'tcp', ports: 80, from: '10.0.0.0/8' } } }]]])(
  'steps that send no packet prove nothing: %j',
  async (steps) => {
    write('S001.yaml', steps);
    await expect(loadProofs(selectStatements(['S1']), folder)).rejects.toMatchObject({
      code: 'NoPackets',
      exitCode: 2,
      message: expect.stringContaining('S001.yaml'),
    });
  },
);

it.each(['S127.yaml', 'S000.yaml', 'S58.yaml', 'S058.yml', 'notes.txt'])('%s belongs to no statement', (name) => {
  write(name, [probe]);
  expect(() => filesByStatement(folder)).toThrow(expect.objectContaining({ code: 'StrayFile', exitCode: 2 }));
});
