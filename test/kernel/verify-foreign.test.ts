/** `sglab verify --model`: the transcript of docs/foreign-models.md is what the command prints. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestHost } from './support/test-host.js';
import { until } from './support/until.js';

const ROOT = path.resolve('.');
const SCENARIO = path.join(ROOT, 'scenarios/restricted-egress.yaml');
const DOCUMENT = fs.readFileSync('docs/foreign-models.md', 'utf8');

let host: TestHost;
beforeAll(async () => {
  host = await TestHost.start();
});
afterAll(() => host.stop());

/** Runs the words of a command line as a reader would, in the checkout. */
function asReader(command: string) {
  const [, words] = /^sudo sglab (.*)$/.exec(command) ?? [];
  if (words === undefined) throw new Error(`not a command of sglab: ${command}`);
  return host.start('sh', ['-c', `cd '${ROOT}' && exec '${process.execPath}' dist/cli/main.js ${words}`]).result;
}

it('finds what the example is wrong about, as the document shows', async () => {
  const [, command = '', shown = ''] = /```\n\$ (sudo sglab verify [^\n]*)\n(.*?)```/s.exec(DOCUMENT) ?? [];
  const { code, stdout, stderr } = await asReader(command);
  expect({ stdout: masked(stdout), stderr, code }).toEqual({ stdout: masked(shown), stderr: '', code: 1 });
});

it('shows the example as it is', () => {
  const [, shown] = /```python\n(.*?)```/s.exec(DOCUMENT) ?? [];
  expect(shown).toBe(fs.readFileSync('docs/foreign-model.py', 'utf8'));
});

it('agrees with the example once it is put right', async () => {
  const text = fs.readFileSync('docs/foreign-model.py', 'utf8');
  const wrong = /^ {4}if not allows\(there, "egress".*\n.*\n/m;
  expect(text).toMatch(wrong);
  const right = path.join(host.directory, 'right.py');
  fs.writeFileSync(right, text.replace(wrong, ''));
  const { code, stdout } = await host.sglab(['verify', SCENARIO, '--model', `python3 ${right}`]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('agrees with the kernel') });
});

it('names the model that fails, and leaves nothing', async () => {
  const { code, stderr } = await host.sglab(['verify', SCENARIO, '--model', 'echo hello']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('"hello": that is no JSON object') });
  expect(host.namespaces()).toEqual([]);
  expect(host.processes()).toEqual([]);
});

it('Ctrl-C while a model is silent ends it and takes the lab down', async () => {
  const asked = path.join(host.directory, 'asked');
  const model = `read cloud; read question; touch '${asked}'; sleep 1000`;
  const { process: child, result } = host.startSglab(['verify', SCENARIO, '--model', model]);
  await until('the model is asked', () => fs.existsSync(asked));
  child.kill('SIGINT');
  expect(await result).toMatchObject({ code: 130 });
  expect(host.namespaces()).toEqual([]);
  expect(host.processes()).toEqual([]);
});

function masked(text: string): string {
  return text.replace(/in [\d.]+ m?s$/gm, 'in … ms').replace(/[ \t]+/g, ' ');
}
