/** The files by which other systems run sglab name what is there; no test here boots them. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8');

const LIMA = z.object({
  images: z.array(z.object({ location: z.url(), arch: z.string() })),
  param: z.object({ project: z.string() }),
  mounts: z.array(z.object({ location: z.string(), mountPoint: z.string() })),
  provision: z.array(z.object({ mode: z.literal('system'), script: z.string() })),
});

it('Lima’s file provisions from the project that it mounts, on both kinds of processors', () => {
  const { images, mounts, provision } = LIMA.parse(parse(read('docs/lima.yaml')));
  expect(images.map(({ arch }) => arch).sort()).toEqual(['aarch64', 'x86_64']);
  for (const { location, arch } of images) expect(location).toContain(arch === 'aarch64' ? 'arm64' : 'amd64');
  expect(mounts).toEqual([{ location: '{{.Param.project}}', mountPoint: '/sglab' }]);
  const [{ script } = { script: '' }] = provision;
  expect(spawnSync('bash', ['-n'], { input: script }).status).toBe(0);
  const [, provisioned = 'none'] = /bash \/sglab\/(\S+)/.exec(script) ?? [];
  expect(fs.existsSync(path.join(ROOT, provisioned))).toBe(true);
  expect(script).toContain('SGLAB_SOURCE=/sglab');
});

it('the page about other systems shows the command that Lima’s file names', () => {
  const [, command = 'none'] = /^# +(limactl start .*)$/m.exec(read('docs/lima.yaml')) ?? [];
  expect(read('docs/other-systems.md')).toContain(`    ${command}\n`);
});

it('the dev container is privileged, and starts what is there', () => {
  const { privileged, postCreateCommand } = z
    .object({ privileged: z.boolean(), postCreateCommand: z.string() })
    .parse(JSON.parse(read('.devcontainer.json').replaceAll(/^\s*\/\/.*$/gm, '')));
  expect(privileged).toBe(true);
  expect(fs.existsSync(path.join(ROOT, /\$PWD\/([^"]+)/.exec(postCreateCommand)?.[1] ?? 'none'))).toBe(true);
});
