import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { asTypedHere } from '../../../src/cli/sudo.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-sudo-'));
afterEach(() => {
  vi.unstubAllEnvs();
  fs.rmSync(folder, { recursive: true, force: true });
});

const TEXT =
  'Start with `\x1b[36msudo sglab learn start 1`; `sudo tee` is no command of ours.\n$ sudo scripts/sglab up f.yaml\n';

it('commands are printed with sudo where there is one, and without where there is none', () => {
  vi.stubEnv('PATH', folder);
  expect(asTypedHere(TEXT)).toBe(
    'Start with `\x1b[36msglab learn start 1`; `sudo tee` is no command of ours.\n$ scripts/sglab up f.yaml\n',
  );
  fs.writeFileSync(path.join(folder, 'sudo'), '#!/bin/sh\n', { mode: 0o755 });
  expect(asTypedHere(TEXT)).toBe(TEXT);
});
