/** A full disk: what cannot be written down does not happen. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SMALL } from './support/small-lab.js';
import { TestHost } from './support/test-host.js';
import { until } from './support/until.js';

let host: TestHost;
let file: string;
beforeAll(async () => {
  host = await TestHost.start();
  file = host.write('small.yaml', SMALL);
  await host.run('mkdir', [host.runDirectory]);
  await host.run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', host.runDirectory]);
});
afterAll(() => host?.stop());

const fill = (kept: string) =>
  host.run('sh', ['-c', `cd "$0"; cat /dev/zero > filler 2>/dev/null; truncate -s -${kept} filler`, host.runDirectory]);
const free = () => host.run('rm', [`${host.runDirectory}/filler`]);

async function expectRefusal(args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await host.sglab([...args, '--json']);
  expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('no space left on device') });
  expect(JSON.parse(stdout).error).toMatchObject({
    code: 'KernelError',
    hint: expect.stringContaining('free some space'),
  });
}

it.each(['up', 'run'])('%s is refused, and leaves nothing', async (command) => {
  await fill('0');
  await expectRefusal([command, file]);
  expect(host.namespaces()).toEqual([]);
  await until('every process ends', () => host.processes().length === 0);
  await free();
});

it.each(['0', '4K', '8K', '12K', '16K'])('a change with %s left is made or refused as a whole', async (kept) => {
  await host.json(['up', file]);
  const rules = () =>
    host.run('sh', ['-c', 'for n in web app; do ip netns exec sglab-small-$n.eth0 nft -s list ruleset; done']);
  const before = { rules: await rules(), status: await host.json(['status']) };
  await fill(kept);
  const change = ['authorize', 'web', 'tcp/22', 'from', '0.0.0.0/0'];
  const { code } = await host.sglab(change);
  if (kept === '0') expect(code).toBe(3);
  if (code !== 0) {
    expect({ rules: await rules(), status: await host.json(['status']) }).toEqual(before);
    await expectRefusal(change);
  }
  await free();
  if (code !== 0) await host.json(change);
  expect(await host.json(['probe', 'office', 'web', 'tcp/22'])).toMatchObject({ outcome: 'connected' });
  await host.json(['down']);
});
