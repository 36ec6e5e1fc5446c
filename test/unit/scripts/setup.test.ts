import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Checkout } from './checkout.js';

const checkouts: Checkout[] = [];

function checkout(options?: { node?: string }): Checkout {
  const fresh = new Checkout(options);
  checkouts.push(fresh);
  return fresh;
}

function ready(): Checkout {
  const fresh = checkout();
  fresh.sglab(['validate']);
  fresh.calls();
  return fresh;
}

afterEach(() => {
  for (const each of checkouts.splice(0)) each.dispose();
});

const INSTALL = ['npm ci', 'npm run'];

describe('scripts/sglab', () => {
  it('installs and builds in a clean checkout, saying so on stderr', () => {
    const fresh = checkout();
    const result = fresh.sglab(['validate', 'a file.yaml']);
    expect(result).toMatchObject({ status: 0, stdout: expect.stringContaining('validate a file.yaml') });
    expect(result.stderr).toMatch(/installing npm packages.*v20\.20\.2/);
    expect(fresh.calls()).toEqual(INSTALL);
  });

  it('does nothing the second time', () => {
    const again = ready();
    const result = again.sglab(['validate']);
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(again.calls()).toEqual([]);
  });

  it('answers the tab key only where it is ready', () => {
    const fresh = checkout();
    expect(fresh.sglab(['complete', '--', 'pro'])).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(fresh.calls()).toEqual([]);
    expect(ready().sglab(['complete', '--', 'pro']).stdout).toContain('complete -- pro');
  });

  it('keeps the working directory, through a symlink as well', () => {
    const linked = ready();
    const link = path.join(linked.folder, 'sglab');
    fs.symlinkSync(path.join(linked.root, 'scripts/sglab'), link);
    const result = linked.sglab(['validate'], { script: link, cwd: '/' });
    expect(result.stdout.trim()).toBe(`ran ${linked.root}/dist/bundle/cli/main.js validate in /`);
  });

  it.each<[string, (edited: Checkout) => void, string[]]>([
    ['a source file was edited', (edited) => edited.write('src/main.ts', 'edited'), ['npm run']],
    ['a source file was deleted', (edited) => edited.remove('src/main.ts'), ['npm run']],
    ['the build is gone', (edited) => edited.remove('dist'), ['npm run']],
    ['the packages changed', (edited) => edited.write('package-lock.json', '{}'), INSTALL],
    ['the packages are gone', (edited) => edited.remove('node_modules'), INSTALL],
    ['Node.js is another one', (edited) => edited.stub('node', 'echo v22.0.0 # a newer one'), INSTALL],
  ])('does what is needed when %s', (_, edit, calls) => {
    const edited = ready();
    edit(edited);
    edited.sglab(['validate']);
    expect(edited.calls()).toEqual(calls);
  });

  it('reports a failed npm ci with exit code 3, and starts it again the next time', () => {
    const failing = checkout();
    failing.write('fail-npm', '');
    expect(failing.sglab(['validate'])).toMatchObject({ status: 3, stderr: expect.stringContaining('npm ci failed') });
    failing.remove('fail-npm');
    failing.calls();
    expect(failing.sglab(['validate']).status).toBe(0);
    expect(failing.calls()).toEqual(INSTALL);
  });

  it('waits for the npm of a killed set-up to end, then starts over', async () => {
    const killed = checkout();
    const first = killed.start(['validate'], { SLOW: '0.5' });
    await expect.poll(() => fs.existsSync(path.join(killed.root, 'node_modules/begun'))).toBe(true);
    first.kill();
    const second = killed.sglab(['validate']);
    expect(second).toMatchObject({ status: 0, stderr: expect.stringContaining('waiting for another one') });
    expect(killed.calls()).toEqual(['npm ci', ...INSTALL]);
  });

  it('sets up once when two start at once', async () => {
    const shared = checkout();
    const both = [shared.start(['validate'], { SLOW: '0.2' }), shared.start(['validate'], { SLOW: '0.2' })];
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(shared.calls()).toEqual(INSTALL);
  });

  it('names the packages and exits with 3 when Node.js is too old and apt cannot help', () => {
    const old = checkout({ node: 'v18.20.4' });
    const result = old.sglab(['validate']);
    expect(result.status).toBe(3);
    expect(result.stderr).toMatch(/sudo apt-get install -y .*nodejs npm/);
    expect(old.calls()).not.toContain('npm ci');
  });
});
