/** The files of a lab when they are not what they were: lost, of another kind, unwritable; and nonsense on its socket. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HostState, readHostState } from './support/host-state.js';
import { startQuietHost } from './support/quiet-host.js';
import { MAIN, type TestHost } from './support/test-host.js';
import { until } from './support/until.js';

let host: TestHost;
let file: string;
let before: HostState;
beforeAll(async () => {
  ({ host, file, before } = await startQuietHost());
});
afterAll(() => host?.stop());

it.each([
  ['', 'SGLAB_RUN_DIR is empty'],
  ['run', 'SGLAB_RUN_DIR is "run", which depends on the working directory'],
  ['/etc/hostname', 'the run directory "/etc/hostname" is no directory'],
])('SGLAB_RUN_DIR=%j is refused by every command, with a remedy', async (directory, message) => {
  for (const args of [['ls'], ['up', file], ['down', '--all']]) {
    const { code, stderr } = await host.sglab(args, { env: { SGLAB_RUN_DIR: directory } });
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(`error: ${message}\nhint:  `) });
  }
});

it('a run directory on a read-only file system is refused', async () => {
  const directory = path.join(host.directory, 'read-only');
  fs.mkdirSync(directory);
  const command = 'mount -t tmpfs -o ro tmpfs "$0" && SGLAB_RUN_DIR=$0 exec "$1" "$2" up "$3"';
  const argv = ['--mount', 'sh', '-c', command, directory, process.execPath, MAIN, file];
  expect(await host.start('unshare', argv).result).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`the run directory "${directory}" cannot be written`),
  });
});

it('nonsense on the control socket is refused, and the controller goes on', async () => {
  await host.json(['up', file]);
  const socket = `${host.runDirectory}/small/control.sock`;
  const ask = async (call: string, body: string) =>
    JSON.parse(await host.run('curl', ['-s', '--unix-socket', socket, '-d', body, `http://lab/${call}`]));
  for (const [call, body] of [
    ['status', '{'],
    ['probe', '{"probe":null}'],
    ['mutate', '{"mutation":{"type":"authorize"}}'],
    ['grade', '{"goals":{}}'],
    ['matrix', '[]'],
  ] as const) {
    const { error } = await ask(call, body);
    expect(error).toMatchObject({ code: 'MalformedRequest', hint: expect.stringContaining('of one version') });
  }
  expect(await ask('fly', '{}')).toMatchObject({ error: { code: 'UnknownCall' } });
  expect(await ask('status', '{}')).toMatchObject({ lab: 'small' });
});

it('a lab whose socket was deleted says who holds it and how to end it, which works', async () => {
  const pid = host.controller();
  fs.rmSync(`${host.runDirectory}/small/control.sock`);
  for (const args of [['status'], ['up', file], ['probe', 'web', 'app', 'tcp/80', '--lab', 'small']]) {
    const { code, stderr } = await host.sglab(args);
    expect({ args, code, stderr }).toEqual({
      args,
      code: 2,
      stderr: expect.stringMatching(
        new RegExp(
          `process ${pid} \\(sglab controller .*\\) holds the lab small, but its socket .* is gone\nhint:  \`sglab down small\``,
        ),
      ),
    });
  }
  expect(await host.sglab(['down', 'small'])).toMatchObject({ code: 0 });
  await until('the controller is gone', () => host.processes().length === 0);
  expect(await readHostState(host)).toEqual(before);
});
