import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KernelError } from '../../src/kernel/errors.js';
import type { Netns } from '../../src/kernel/netns.js';
import { NftSession, printRuleset } from '../../src/kernel/nft.js';
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
