import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseLab } from '../../../src/controller/client.js';
import { NETNS_DIRECTORY } from '../../../src/kernel/netns.js';

const earlier = { SGLAB_RUN_DIR: process.env.SGLAB_RUN_DIR, SGLAB_LAB: process.env.SGLAB_LAB };
let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-choose-'));
  for (const lab of ['shop', 'office']) fs.mkdirSync(path.join(directory, lab));
  process.env.SGLAB_RUN_DIR = directory;
  delete process.env.SGLAB_LAB;
});

afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(directory, { recursive: true });
  for (const [name, value] of Object.entries(earlier)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

/** How often the list of the host's namespaces was read. */
function namespaceScans(): number {
  const reads = vi.mocked(fs.readdirSync).mock.calls as readonly (readonly unknown[])[];
  return reads.filter(([folder]) => folder === NETNS_DIRECTORY).length;
}

describe('the lab that a command is about', () => {
  it('is the named one, without a look at the namespaces of the host', () => {
    vi.spyOn(fs, 'readdirSync');
    expect(chooseLab('shop')).toBe('shop');
    process.env.SGLAB_LAB = 'office';
    expect(chooseLab(undefined)).toBe('office');
    expect(namespaceScans()).toBe(0);
  });

  it('is looked for in the kernel before it is said to be none', () => {
    vi.spyOn(fs, 'readdirSync');
    expect(() => chooseLab('shopp')).toThrow(/shopp/);
    expect(namespaceScans()).toBe(1);
  });

  it('is the only one that is there, or has to be named', () => {
    expect(chooseLab(undefined, ['shop'])).toBe('shop');
    expect(() => chooseLab(undefined, ['office', 'shop'])).toThrow('several labs are up: office, shop');
    expect(() => chooseLab(undefined, [])).toThrow('no lab is up');
  });
});
