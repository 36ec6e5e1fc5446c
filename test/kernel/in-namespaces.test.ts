import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KernelError } from '../../src/kernel/errors.js';
import { runInNamespaces } from '../../src/kernel/in-namespaces.js';
import { ipInNamespaces } from '../../src/kernel/ip.js';
import type { Netns } from '../../src/kernel/netns.js';
import { applyInNamespaces, printRuleset } from '../../src/kernel/nft.js';
import { run } from '../../src/kernel/process.js';
import { removeNetns, scratchNetns } from './ruleset-rig.js';

const MANY = 9;
const directory = fs.mkdtempSync(path.join(os.tmpdir(), "sglab-it's $HOME "));
let namespaces: Netns[];

beforeAll(async () => {
  namespaces = await Promise.all(Array.from({ length: MANY }, (_, at) => scratchNetns(`in${at}`)));
});

afterAll(async () => {
  await Promise.all(namespaces.map(removeNetns));
  fs.rmSync(directory, { recursive: true });
});

it('every namespace gets its own commands, of both families', async () => {
  const lines = (at: number) => ['link set lo up', `addr add 10.9.9.${at}/32 dev lo`, '-6 rule add from all lookup 7'];
  await ipInNamespaces(namespaces.map((namespace, at) => ({ namespace, commands: lines(at) })));
  for (const [at, namespace] of namespaces.entries()) {
    const { stdout } = await run('sh', ['-c', 'ip -br addr; ip -6 rule; ip rule'], { namespace });
    expect(stdout.match(/10\.9\.9\.\d+|lookup 7/g)).toEqual([`10.9.9.${at}`, 'lookup 7']);
  }
});

it('a command that fails is named with its namespace and its message', async () => {
  const bad = namespaces.at(-1);
  const commands = (namespace: Netns) =>
    namespace === bad ? ['link set lo up', 'link set nowhere up'] : ['link set lo up'];
  const failing = ipInNamespaces(namespaces.map((namespace) => ({ namespace, commands: commands(namespace) })));
  await expect(failing).rejects.toThrow(KernelError);
  await expect(failing).rejects.toMatchObject({
    command: 'ip link set nowhere up',
    namespace: bad?.name,
    exitCodeOfCommand: 1,
    stderr: 'Cannot find device "nowhere"',
  });
});

it('a ruleset that fails leaves its namespace as it was, and is named', async () => {
  const transactions = namespaces.map((namespace, at) => ({
    namespace,
    file: path.join(directory, `${at}.nft`),
    text: at === 1 ? 'add table inet half\nadd rule inet half nothing drop\n' : 'add table inet whole\n',
  }));
  await expect(applyInNamespaces(transactions)).rejects.toMatchObject({
    command: `nft -f ${path.join(directory, '1.nft')}`,
    namespace: namespaces[1]?.name,
    stderr: expect.stringContaining('No such file or directory'),
  });
  expect(await Promise.all(namespaces.slice(0, 2).map(printRuleset))).toEqual(['table inet whole {\n}', '']);
});

it('words and lines reach the command as they are', async () => {
  const [namespace] = namespaces;
  if (namespace === undefined) throw new Error('no namespace');
  const words = ['$(id)', "it's", '', '*', 'a b', '`id`', '-x'];
  const input = 'EOF\n$HOME `id` \\\n\n';
  const script = `printf '<%s>' "$@" >&2; cat >&2; exit 3`;
  const failure = (exitCode: number, stderr: string) => new KernelError({ command: 'test', exitCode, stderr });
  await expect(
    runInNamespaces([{ namespace, argv: ['sh', '-c', script, 'sh', ...words], input, failure }]),
  ).rejects.toMatchObject({
    stderr: `${words.map((word) => `<${word}>`).join('')}${input}`.trim(),
    exitCodeOfCommand: 3,
  });
});

it('gives the output of each command, in their order', async () => {
  const argv = ['sh', '-c', 'cat; echo noise >&2'];
  const failure = (exitCode: number, stderr: string) => new KernelError({ command: 'test', exitCode, stderr });
  const commands = namespaces.map((namespace, at) => ({ namespace, argv, input: at === 1 ? '' : `${at}`, failure }));
  expect(await runInNamespaces(commands)).toEqual(namespaces.map((_namespace, at) => (at === 1 ? '' : `${at}`)));
});
