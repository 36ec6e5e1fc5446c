/** What kernels of Debian 12 and 13 do otherwise than newer ones, as far as tools in front of this one's can play it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HostState, readHostState } from './support/host-state.js';
import { SMALL } from './support/small-lab.js';
import { kill, TestHost } from './support/test-host.js';
import { until } from './support/until.js';

let host: TestHost;
let file: string;
let before: HostState;

beforeAll(async () => {
  host = await TestHost.start();
  file = host.write('small.yaml', SMALL);
  before = await readHostState(host);
});
afterAll(() => host?.stop());

/** @param script stands before the tool of that name */
function behind(tool: string, script: string) {
  return { env: { PATH: `${host.writeTool(tool, script)}:${process.env.PATH}` } };
}

it('with tunnel modules puts links into every namespace, which is ours all the same', async () => {
  const names = `sed -n 's/^netns add //p'`;
  const addLink = '/sbin/ip -n "$name" link add sit0 type bridge';
  const options = behind(
    'ip',
    `lines=$(cat); echo "$lines" | /sbin/ip "$@" || exit; echo "$lines" | ${names} | while read -r name; do ${addLink}; done`,
  );
  expect(await host.sglab(['run', file], options)).toMatchObject({ code: 0 });
  const started = host.startSglab(['up', file], options);
  await until('some namespaces are there', () => host.namespaces().length > 1);
  for (const pid of host.processes(/cli\/main\.js/)) kill(pid, 'SIGKILL');
  await started.result;
  expect(await host.sglab(['up', file])).toMatchObject({ code: 0 });
  expect(await host.sglab(['down', SMALL.name])).toMatchObject({ code: 0 });
  await until('every process ends', () => host.processes().length === 0);
  expect(await readHostState(host)).toEqual(before);
});

it('before 6.16 refuses a netdev chain without its device', async () => {
  const devices = `sed -n 's/.*hook ingress device "\\([^"]*\\)".*/\\1/p'`;
  const options = behind(
    'nft',
    `[ "$*" = "-f -" ] || exec /usr/sbin/nft "$@"
rules=$(cat)
for device in $(echo "$rules" | ${devices}); do /sbin/ip link show dev "$device" >/dev/null || exit 1; done
echo "$rules" | /usr/sbin/nft -f -`,
  );
  expect(await host.sglab(['run', file], options)).toMatchObject({ code: 0 });
  expect(host.namespaces()).toEqual([]);
});
