import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KernelError } from '../../src/kernel/errors.js';
import { inNetns, type Netns } from '../../src/kernel/netns.js';
import { NftSession, printRuleset } from '../../src/kernel/nft.js';
import { run } from '../../src/kernel/process.js';
import { removeNetns, scratchNetns } from './ruleset-rig.js';

let netns: Netns;
let session: NftSession;
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sglab-nft-'));

beforeAll(async () => {
  netns = await scratchNetns('nft');
  session = new NftSession(netns, path.join(directory, 'transaction.nft'));
});

afterAll(async () => {
  await session.close();
  await removeNetns(netns);
  fs.rmSync(directory, { recursive: true });
});

it('a transaction that fails changes nothing, says why, and the next one is none the worse', async () => {
  await session.apply('add table inet before\n');
  const rules = await printRuleset(netns);
  const failing = session.apply('add table inet half\nadd rule inet half nothing drop\n');
  await expect(failing).rejects.toThrow(KernelError);
  await expect(failing).rejects.toThrow(/No such file or directory/);
  await expect(session.apply('add tabel inet x\n')).rejects.toThrow(/syntax error/);
  expect(await printRuleset(netns)).toBe(rules);
  await session.apply('add table inet after\n');
  expect(await printRuleset(netns)).toContain('table inet after');
});

it('transactions that are asked for at once follow one another', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `many${i}`);
  await Promise.all(names.map((name) => session.apply(`add table inet ${name}\n`)));
  const rules = await printRuleset(netns);
  for (const name of names) expect(rules).toContain(`table inet ${name} {`);
});

it('a terminal that nobody knows is no trouble of a transaction', async () => {
  const { TERM } = process.env;
  process.env.TERM = 'nonsense';
  const other = new NftSession(netns, path.join(directory, 'other.nft'));
  if (TERM === undefined) delete process.env.TERM;
  else process.env.TERM = TERM;
  await other.apply('add table inet terminal\n');
  await other.close();
  expect(await printRuleset(netns)).toContain('table inet terminal');
});

it('a process that has read many lines gives way to a new one, and transactions go on in order', async () => {
  const other = new NftSession(netns, path.join(directory, 'other.nft'));
  await other.apply('add table inet turn\nadd set inet turn s { type mark; }\n');
  const before = sessionsIn(netns);
  const turns = Array.from({ length: 1100 }, (_, i) => `add element inet turn s { ${i} }\n`);
  await Promise.all(turns.map((turn) => other.apply(turn)));
  await other.apply('flush set inet turn s\nadd element inet turn s { 7 }\n'); // waits for the new one
  const after = sessionsIn(netns);
  const { stdout } = await run('nft', ['-j', 'list', 'set', 'inet', 'turn', 's'], { namespace: netns });
  expect(stdout).toContain('"elem": [7]');
  expect(after).toHaveLength(before.length);
  expect(after).not.toEqual(before);
  await other.close();
  expect(sessionsIn(netns)).toHaveLength(before.length - 1);
});

/** Process ids. */
function sessionsIn(netns: Netns): string[] {
  const isOne = (pid: string) => {
    try {
      const isNft = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') === 'nft\0-i\0';
      return (
        isNft &&
        fs.statSync(`/proc/${pid}/ns/net`).ino === inNetns(netns, () => fs.statSync('/proc/thread-self/ns/net').ino)
      );
    } catch {
      return false;
    }
  };
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOne(name));
}
