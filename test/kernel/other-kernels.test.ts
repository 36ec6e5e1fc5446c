/** What kernels of Debian 12 and 13 do otherwise than newer ones, as far as tools in front of this one's can play it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HostState, readHostState } from './support/host-state.js';
import { startQuietHost } from './support/quiet-host.js';
import { SMALL } from './support/small-lab.js';
import { kill, type TestHost } from './support/test-host.js';
import { until } from './support/until.js';

let host: TestHost;
let file: string;
let before: HostState;

beforeAll(async () => {
  ({ host, file, before } = await startQuietHost());
});
afterAll(() => host?.stop());

/** @param scripts stand before the tools of these names */
function behind(scripts: Readonly<Record<string, string>>) {
  const directories = Object.entries(scripts).map(([tool, script]) => host.writeTool(tool, script));
  return { env: { PATH: [...directories, process.env.PATH].join(':') } };
}

it('with tunnel modules puts links into every namespace, which is ours all the same', async () => {
  const names = `sed -n 's/^netns add //p'`;
  const addLink = '/sbin/ip -n "$name" link add sit0 type bridge';
  const ip = `lines=$(cat); echo "$lines" | /sbin/ip "$@" || exit; echo "$lines" | ${names} | while read -r name; do ${addLink}; done`;
  const options = behind({ ip });
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
  const nft = `[ "$*" = "-f -" ] || exec /usr/sbin/nft "$@"
rules=$(cat)
for device in $(echo "$rules" | ${devices}); do /sbin/ip link show dev "$device" >/dev/null || exit 1; done
echo "$rules" | /usr/sbin/nft -f -`;
  // Links take their time, so that whatever does not wait for them comes too early.
  const ip = 'lines=$(cat); case "$lines" in *veth*) sleep 0.5 ;; esac; echo "$lines" | /sbin/ip "$@"';
  const options = behind({ nft, ip });
  expect(await host.sglab(['run', file], options)).toMatchObject({ code: 0 });
  expect(host.namespaces()).toEqual([]);
});
