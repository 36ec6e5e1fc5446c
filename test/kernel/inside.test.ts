/** Root inside a machine: what he can do there, and that he gets no further. */
import fs from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostState, readHostState } from './support/host-state.js';
import { startQuietHost } from './support/quiet-host.js';
import { SMALL } from './support/small-lab.js';
import type { TestHost } from './support/test-host.js';
import { until } from './support/until.js';

/** Of a segment of shared memory of the host's, as ipcs(1) shows it. */
const SHARED_KEY = '0x00005347';

let host: TestHost;
let before: HostState;
/** A directory of the host that no machine has in place of its own, as it has one in place of /tmp. */
const outside = fs.mkdtempSync('/var/tmp/sglab-test-');
const socket = path.join(outside, 'socket');
let server: Server;

beforeAll(async () => {
  const quiet = await startQuietHost();
  ({ host, before } = quiet);
  server = createServer((connection) => connection.end('from the host')).listen(socket);
  await host.run('mkfifo', [path.join(outside, 'pipe')]);
  const { code, stderr } = await host.sglab(['up', quiet.file]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});
afterAll(async () => {
  server?.close();
  await host?.stop();
  fs.rmSync(outside, { recursive: true, force: true });
});

/** Runs a line for a shell as root inside `web`. */
async function inside(line: string): Promise<{ code: number | string; output: string }> {
  const { code, stdout, stderr } = await host.sglab(['exec', 'web', '--', 'sh', '-c', line], { input: '' });
  return { code, output: `${stdout}${stderr}`.trim() };
}

const hostFile = (file: string) => fs.readFileSync(`/proc/${host.pid}/root${file}`, 'utf8');

describe('a way out is closed:', () => {
  /** Each succeeds where the way is open, and then changes nothing of the host. Words in brackets do not match themselves. */
  const ways = (): readonly (readonly [name: string, command: string])[] => [
    ['to see the processes of the host', "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -q 'main.js [c]ontroller'"],
    ['to see the names of namespaces', 'ls /run/netns | grep -q sglab'],
    ['to enter the namespace of its own card', 'ip netns exec sglab-small-web.eth0 nft list ruleset'],
    ['to find the root of the host from the first process', 'ls /proc/1/root/run/netns/sglab-small-web'],
    [
      'to climb out of a second root directory',
      'perl -e \'mkdir "/tmp/j"; chroot "/tmp/j"; chdir ".." for 1 .. 50; chroot "."; exec "ls", "/run/netns/sglab-small-web"\'',
    ],
    ['to read the lab’s directory', `ls ${host.runDirectory}/small`],
    ['to call the controller', `curl -s --unix-socket ${host.runDirectory}/small/control.sock -d {} http://lab/status`],
    ['to call a server of the host through its file', `curl -s --http0.9 --unix-socket ${socket} http://host/`],
    ['to call the EC2 API on the host’s loopback', `curl -s http://127.0.0.1:4580/`],
    ['to write parameters of the kernel', 'f=/proc/sys/kernel/core_pattern; v=$(cat $f); echo "$v" >$f'],
    ['to make those writable', 'mount -o remount,rw,bind /proc/sys'],
    ['to uncover those', 'umount /proc/sys'],
    ['to mount other ones', 'mount -t proc proc /mnt'],
    ['to mount other ones of processes of its own', 'unshare -pf mount -t proc proc /mnt'],
    ['to uncover them as root of one more user namespace', 'unshare -Urm mount -o remount,rw,bind /proc/sys'],
    ['to write parameters of devices', 'mount -o remount,rw,bind /sys'],
    ['to press the magic key', 'echo h >/proc/sysrq-trigger'],
    ['to make a device of a disk', 'mknod /tmp/disk b 7 0'],
    ['to mount the host’s devices', 'mount -t devtmpfs devices /mnt'],
    ['to mount a file system of the host’s', 'mount --bind /proc/1/root/run/netns /mnt && ls /mnt | grep sglab'],
    ['to reach control groups', 'unshare --cgroup true || mount -t cgroup2 groups /mnt'],
    ['to load a module', "insmod /etc/hostname 2>&1 | grep -q 'Invalid module format'"],
    ['to set the clock', 'date -s "@$(date +%s)"'],
    ['to change names for all machines', 'echo 10.9.9.9 office >>/etc/hosts'],
    ['to find processes of others in shared memory', `ipcs -m | grep -q ${SHARED_KEY}`],
  ];
  let open: Set<string>;
  beforeAll(async () => {
    await host.run('perl', ['-e', `defined shmget(${SHARED_KEY}, 4096, 01666) or die "shmget: $!"`]);
    const script = ways().map(([, command], n) => `(${command}) >/dev/null 2>&1 </dev/null && echo way ${n}`);
    const { output } = await inside(`${script.join('\n')}\necho tried`);
    expect(output).toMatch(/tried$/);
    open = new Set(output.split('\n'));
    await host.run('perl', ['-e', `shmctl(shmget(${SHARED_KEY}, 0, 0), 0, 0)`]);
  });

  it('all of them', () => {
    const found = ways().flatMap(([name], n) => (open.has(`way ${n}`) ? [name] : []));
    expect(found).toEqual([]);
  });

  it('what it writes stays with it, wherever the host has files', async () => {
    const places = ['/etc', '/root', '/usr/bin', '/var/lib', '/tmp', '/run', outside].map(
      (at) => `${at}/sglab-was-here`,
    );
    const { code } = await inside(`for each in ${places.join(' ')}; do mkdir -p $(dirname $each); touch $each; done`);
    expect(code).toBe(0);
    expect(await inside(`ls ${places.join(' ')}`)).toMatchObject({ code: 0 });
    expect(places.filter((place) => fs.existsSync(`/proc/${host.pid}/root${place}`))).toEqual([]);
  });

  it('it starts in a directory of its own, which the host has under the lab’s', async () => {
    expect(await inside('pwd; echo mine >letter')).toEqual({ code: 0, output: '/run/machine' });
    expect(hostFile(`${host.runDirectory}/small/machines/web/letter`)).toBe('mine\n');
  });

  it('a pipe of the host that is a file leads nowhere', async () => {
    const reader = host.start('cat', [path.join(outside, 'pipe')]);
    await inside(`timeout 1 sh -c 'echo from inside >${path.join(outside, 'pipe')}'`);
    await host.run('sh', ['-c', `echo from the host >${path.join(outside, 'pipe')}`]);
    expect((await reader.result).stdout).toBe('from the host\n');
  });

  it('no descriptor stands for a device of the host', async () => {
    const mode = fs.statSync('/dev/null').mode;
    const stdio = fs.openSync('/dev/null', 'r+');
    const chmod = 'chmod 600 /proc/self/fd/* /proc/1/fd/* /dev/null';
    await host.sglab(['exec', 'web', '--', 'sh', '-c', chmod], { stdio: [stdio, stdio, stdio] });
    fs.closeSync(stdio);
    const now = fs.statSync('/dev/null').mode;
    fs.chmodSync('/dev/null', mode);
    expect(now).toBe(mode);
  });

  it('what it kills and renames is its own', async () => {
    const name = hostFile('/proc/sys/kernel/hostname');
    await inside('hostname elsewhere; kill -KILL -1');
    expect(hostFile('/proc/sys/kernel/hostname')).toBe(name);
    expect(host.controller()).toBeGreaterThan(0);
    expect(await inside('hostname')).toEqual({ code: 0, output: 'elsewhere' });
  });
});

describe('its own network is its own:', () => {
  it.each([
    ['rules', "nft 'table inet my { chain in { type filter hook input priority 0; }; }' && nft flush ruleset"],
    ['parameters', 'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.eth0.rp_filter=1'],
    ['links', 'ip link add br0 type bridge && ip link add v0 type veth peer name v1 && ip link set v0 master br0'],
    ['a capture', 'tcpdump -c 1 -nn -i lo icmp & while kill -0 $!; do ping -c 1 127.0.0.1; done; wait $!'],
    ['a namespace with a name', 'ip netns add room && ip netns exec room ip link'],
    [
      'a namespace of a process',
      'unshare -n sleep 9 & until nsenter -n -t $! ip -o link | grep -q "lo:.*DOWN"; do :; done; kill $!',
    ],
    ['users', 'su nobody -s /bin/sh -c "id -un && touch /run/machine/of-nobody" | grep -q nobody'],
    ['processes of its own', 'unshare -pf sh -c "test $$ != 1"'],
  ])('%s', async (_, line) => {
    expect(await inside(line)).toMatchObject({ code: 0 });
  });
});

describe('--share', () => {
  it('hands in a directory, for this command alone', async () => {
    fs.writeFileSync(path.join(outside, 'letter'), 'in');
    const line = `cat ${outside}/letter; echo out >${outside}/answer`;
    const { code, stdout } = await host.sglab(['exec', '--share', outside, 'web', '--', 'sh', '-c', line]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'in' });
    expect(fs.readFileSync(path.join(outside, 'answer'), 'utf8')).toBe('out\n');
    await inside(`echo changed >${outside}/letter`);
    expect(fs.readFileSync(path.join(outside, 'letter'), 'utf8')).toBe('in');
  });

  it.each(['/', '/nowhere', '/etc/passwd'])('refuses %s', async (place) => {
    const { code, stderr } = await host.sglab(['exec', '--share', place, 'web', '--', 'true']);
    expect(code).toBe(2);
    expect(stderr).toContain('no directory that can be handed in');
  });
});

/** Ends the first process of `web`, and starts another program with the same id. */
const TAKE_ITS_ID = `
  first=$(for pid in $(ip netns pids sglab-small-web); do grep -qx init /proc/$pid/comm && echo $pid; done)
  kill -KILL $first
  while [ -e /proc/$first ] && ! grep -q '^State:.*Z' /proc/$first/status; do :; done
  until [ "$!" = $first ]; do
    [ -z "$!" ] || kill $!
    echo $((first - 1)) >/proc/sys/kernel/ns_last_pid
    sleep 1000 >/dev/null 2>&1 &
  done
  echo $!`;

it('is not mistaken for a program that has the id of its first process', async () => {
  await inside('true');
  const other = Number(await host.run('bash', ['-c', TAKE_ITS_ID]));
  expect(await inside('hostname')).toEqual({ code: 0, output: 'web' });
  process.kill(other, 'SIGKILL');
});

it('no file can ask for --share', async () => {
  const exec = { on: 'web', run: 'true', share: outside };
  const { code, stderr } = await host.sglab([
    'run',
    host.write('shares.yaml', { ...SMALL, name: 's', steps: [{ exec }] }),
  ]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('share') });
});

it('ends with the lab, whatever it made and whatever it wrote into its own kernel parameters', async () => {
  const sleeper = 'sleep 1000 >/dev/null 2>&1 &';
  await inside(`setsid ${sleeper} unshare -n ${sleeper} unshare -Urpf ${sleeper} trap '' TERM; nohup ${sleeper}`);
  await until('all of it runs', () => host.processes(/^sleep\0/).length === 4, 120_000);
  await inside('sysctl -qw net.ipv4.conf.all.tag=7 net.ipv4.conf.default.tag=8');
  expect(await host.sglab(['down', 'small'])).toMatchObject({ code: 0 });
  expect(await readHostState(host)).toEqual(before);
});
