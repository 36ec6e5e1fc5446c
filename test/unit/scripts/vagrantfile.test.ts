/** The Vagrantfile as vagrant reads it; without vagrant these are skipped. scripts/test-vagrant boots it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const VAGRANT = '/usr/bin/vagrant';
const ROOT = path.resolve(import.meta.dirname, '../../..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-vagrant-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

// The provider is asked for its version: that much of VirtualBox is needed.
fs.mkdirSync(path.join(folder, 'bin'));
fs.writeFileSync(path.join(folder, 'bin/VBoxManage'), '#!/bin/sh\necho 7.0.20r163906\n', { mode: 0o755 });

function validate(provider: string, vagrantfile: string): { status: number | null; output: string } {
  fs.mkdirSync(path.join(folder, 'project/scripts'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'project/Vagrantfile'), vagrantfile);
  fs.copyFileSync(path.join(ROOT, 'scripts/provision.sh'), path.join(folder, 'project/scripts/provision.sh'));
  const { status, stdout, stderr } = spawnSync(VAGRANT, ['validate'], {
    cwd: path.join(folder, 'project'),
    encoding: 'utf8',
    env: {
      PATH: `${folder}/bin:${process.env.PATH}`,
      HOME: folder,
      VAGRANT_DEFAULT_PROVIDER: provider,
      VAGRANT_CHECKPOINT_DISABLE: '1',
    },
  });
  return { status, output: stdout + stderr };
}

describe.skipIf(!fs.existsSync(VAGRANT))('the Vagrantfile', () => {
  const text = fs.readFileSync(path.join(ROOT, 'Vagrantfile'), 'utf8');

  it.each(['virtualbox', 'libvirt'])('is valid for %s', (provider) => {
    expect(validate(provider, text)).toMatchObject({ status: 0 });
  });

  it('would be refused with a mistake in it', () => {
    expect(validate('libvirt', text.replace('vm.cpus', 'vm.processors'))).not.toMatchObject({ status: 0 });
  });
});
