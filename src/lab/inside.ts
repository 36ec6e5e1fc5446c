/**
 * The inside of a machine as its programs see it: the script that the first process of a machine runs. It gives them their own
 * processes, network and host name, and the host's files under layers of their own, into which everything goes that they write.
 */
import fs from 'node:fs';
import path from 'node:path';
import { quote } from 'shell-quote';

/** Where a machine's programs start, and find what they left: the machine's scratch directory. */
export const INSIDE_SCRATCH = '/run/machine';

/** A directory of the host as it is there, and shall be inside. */
export interface Place {
  readonly path: string;
  /** As chmod takes it. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

/** The host's files, as far as machines see them. */
export interface HostFiles {
  /** Where file systems are mounted, each after the ones around it; files can be such places, too. */
  readonly directories: readonly Place[];
  readonly files: readonly string[];
  /** Directories of /run, which programs of Debian expect, as PostgreSQL does /run/postgresql. */
  readonly runDirectories: readonly Place[];
  /** What there is of `DEVICES` and of the global files below /proc, by name. */
  readonly devices: readonly string[];
  readonly readOnly: readonly string[];
  readonly unreadable: readonly string[];
}

export interface Inside {
  readonly machine: string;
  /** A file that stands for it. */
  readonly userNamespace: string;
  /** An empty directory of the lab, below which everything is put together; nothing is seen of it outside. */
  readonly workshop: string;
  readonly scratch: string;
  readonly hosts: string;
  readonly resolver: string;
  /** Directories that stay empty inside: those of labs. */
  readonly hidden: readonly string[];
}

/** Machines have their own. */
const OWN = ['/proc', '/sys', '/dev', '/run', '/tmp'];

const isOwn = (place: string) => OWN.some((own) => place === own || place.startsWith(`${own}/`));

/** Mounting on these starts a daemon of the host. */
const AUTOMATIC = 'autofs';

/** Devices and names that every program may have. */
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'fd', 'stdin', 'stdout', 'stderr', 'net/tun'];

/** Files below /proc that stand for the whole host: root inside has the user id of the host's, so their permissions let him. */
const GLOBAL = 'acpi asound bus driver dynamic_debug fs irq mtrr pressure scsi sys sysrq-trigger tty'.split(' ');
const SECRET = ['kcore', 'keys', 'kmsg', 'timer_list'];

/** What this process sees. */
export function readHostFiles(): HostFiles {
  const mounted = mountPoints(fs.readFileSync('/proc/self/mountinfo', 'utf8')).map(placeOf);
  const inRun = fs.readdirSync('/run').filter((name) => !NO_BUSINESS_INSIDE.has(name));
  const present = (directory: string, names: readonly string[]) =>
    names.filter((name) => fs.existsSync(path.join(directory, name)));
  return {
    directories: mounted.flatMap(({ directory }) => directory ?? []),
    files: mounted.flatMap(({ file }) => file ?? []),
    runDirectories: inRun.flatMap((name) => placeOf(path.join('/run', name)).directory ?? []),
    devices: present('/dev', DEVICES),
    readOnly: present('/proc', GLOBAL),
    unreadable: present('/proc', SECRET),
  };
}

const NO_BUSINESS_INSIDE: ReadonlySet<string> = new Set(['netns', 'sglab', path.basename(INSIDE_SCRATCH)]);

/** @returns neither for what root cannot see either, as it is with file systems of a single user, and for links */
function placeOf(place: string): { directory?: Place; file?: string } {
  try {
    const found = fs.lstatSync(place);
    const { mode, uid, gid } = found;
    if (!found.isDirectory()) return found.isFile() ? { file: place } : {};
    return { directory: { path: place, mode: (mode & 0o7777).toString(8), uid, gid } };
  } catch {
    return {};
  }
}

/** @param mountinfo as proc_pid_mountinfo(5) describes it: "36 35 98:0 /root /place options - type source options" */
export function mountPoints(mountinfo: string): string[] {
  const places = mountinfo
    .trim()
    .split('\n')
    .flatMap((line) => {
      const words = line.split(' ');
      const place = (words[4] ?? '').replace(/\\(\d{3})/g, (_, octal) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      );
      return words[words.indexOf('-') + 1] === AUTOMATIC || isOwn(place) ? [] : [place];
    });
  return [...new Set(places)].sort((one, other) => depth(one) - depth(other));
}

const depth = (place: string) => place.split('/').filter((name) => name !== '').length;

/** For a shell that is the first process of a PID namespace, in a mount namespace of its own. */
export function insideScript(inside: Inside, host: HostFiles): string {
  const root = path.join(inside.workshop, 'root');
  const at = (place: string) => path.join(root, place);
  const hidden = inside.hidden.filter((place) => !isOwn(place)).map((place) => quote([at(place)]));
  return [
    `set -e; exec 3<${quote([inside.userNamespace])}; cd ${quote([inside.workshop])}`,
    'mount -t tmpfs -o mode=700 tmpfs "$PWD"; cd "$PWD"; mkdir root',
    ...layers(host, at),
    ...mountAll(ownMounts(host, at)),
    `(cd /dev; cp -a --parents ${quote([...host.devices])} ${quote([at('/dev')])}); ln -s pts/ptmx root/dev/ptmx`,
    ...makeDirectories(host.runDirectories, at),
    // A link would lead to a file of the host's /run, which is not there inside.
    '[ ! -L root/etc/resolv.conf ] || rm root/etc/resolv.conf',
    'for each in hosts resolv.conf; do [ -e root/etc/$each ] || : >root/etc/$each; done',
    ...hidden.map((place) => `[ ! -d ${place} ] || mount -t tmpfs -o ro,mode=700 tmpfs ${place}`),
    ...mountAll([
      [inside.scratch, at(INSIDE_SCRATCH), 'none', 'bind,nodev,nosuid,x-mount.mkdir'],
      [inside.hosts, at('/etc/hosts'), 'none', 'bind,ro'],
      [inside.resolver, at('/etc/resolv.conf'), 'none', 'bind,ro'],
    ]),
    'mkdir root/run/old; pivot_root root root/run/old; cd /; umount -l run/old; rmdir run/old',
    `exec nsenter --user=/proc/self/fd/3 -- unshare --mount --uts --ipc -- ${quote(['sh', '-ec', LAST, inside.machine, INIT])}`,
  ].join('\n');
}

/** The fields of a line of fstab(5). */
type Mount = readonly [source: string, target: string, type: string, options: string];

/** One process for all of them: to start one costs more than to mount something. */
function mountAll(mounts: readonly Mount[]): string[] {
  const lines = mounts.map((fields) => fields.map(field).join(' '));
  return [`printf '%s\\n' ${quote(lines)} >mounts`, 'mount -a -T mounts'];
}

/** White space and backslashes as fstab(5) writes them. */
function field(text: string): string {
  return text.replace(/[\s\\]/g, (each) => `\\${each.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/**
 * Puts each file system of the host under a layer that takes what is written there. Where that cannot be, and for what is no
 * directory, it can be read only. Nothing but a layer keeps programs from sockets and pipes of the host that are in a file system.
 */
function layers({ directories, files }: HostFiles, at: (place: string) => string): string[] {
  const mounts = directories.map(({ path: place }, n): Mount => {
    return ['overlay', at(place), 'overlay', `nodev,lowerdir=${place},upperdir=${n}/upper,workdir=${n}/work`];
  });
  const [write, mount] = mountAll(mounts);
  const instead = 'mountpoint -q "$2" || mount --bind -o ro,nodev "$1" "$2"';
  return [
    `mkdir -p ${directories.map((_, n) => `${n}/upper ${n}/work`).join(' ')}`,
    ...directories.flatMap((place, n) => changeMode(place, `${n}/upper`)),
    `unlayered() { ${instead}; }`,
    `${write}; ${mount} 2>/dev/null || {`,
    ...directories.map(({ path: place }) => `unlayered ${quote([place, at(place)])}`),
    '}',
    ...files.map((place) => `mount --bind -o ro,nodev ${quote([place, at(place)])}`),
  ];
}

/** Of a directory that was just made. */
function changeMode({ mode, uid, gid }: Place, directory: string): string[] {
  const name = quote([directory]);
  return [
    ...(mode === '755' ? [] : [`chmod ${mode} ${name}`]),
    ...(uid === 0 && gid === 0 ? [] : [`chown ${uid}:${gid} ${name}`]),
  ];
}

function makeDirectories(places: readonly Place[], at: (place: string) => string): string[] {
  if (places.length === 0) return [];
  const names = places.map(({ path: place }) => at(place));
  return [`mkdir ${quote(names)}`, ...places.flatMap((place) => changeMode(place, at(place.path)))];
}

/**
 * Of the kernel's files a machine can write those of its own network and of its own processes. /sys has nothing mounted in it,
 * or the kernel would not show it to network namespaces that programs make.
 */
function ownMounts({ readOnly, unreadable }: HostFiles, at: (place: string) => string): Mount[] {
  const kernel = 'nodev,nosuid,noexec';
  const again = (place: string, options: string): Mount => [at(place), place, 'none', `bind,${options}`];
  const mounts: readonly Mount[] = [
    ['tmpfs', '/tmp', 'tmpfs', 'mode=1777,nodev,nosuid'],
    ['tmpfs', '/run', 'tmpfs', 'mode=755,nodev,nosuid'],
    ['tmpfs', '/dev', 'tmpfs', 'mode=755,nosuid'],
    ['devpts', '/dev/pts', 'devpts', 'newinstance,mode=620,ptmxmode=666,gid=5,x-mount.mkdir'],
    ['tmpfs', '/dev/shm', 'tmpfs', 'mode=1777,nodev,nosuid,x-mount.mkdir'],
    ['proc', '/proc', 'proc', kernel],
    ...readOnly.map((name) => again(`/proc/${name}`, `ro,${kernel}`)),
    ...unreadable.map((name): Mount => ['/dev/null', `/proc/${name}`, 'none', 'bind,ro']),
    again('/proc/sys/net', kernel),
    ['sysfs', '/sys', 'sysfs', `ro,${kernel}`],
  ];
  return mounts.map(([source, target, type, options]) => [source, at(target), type, options]);
}

/** Every mount until now is locked, because the mount namespace that programs are in belongs to the machine's user namespace. */
const LAST = 'hostname "$0"; exec 3<&-; exec perl -e "$1"';

export const INIT_NAME = 'init';

/**
 * The first process of a machine, which lives as long as the machine: everything inside ends with it, in whatever namespaces. It
 * hands on the request to end. Its name says that the inside is complete.
 */
const INIT = `
$0 = '${INIT_NAME}';
$SIG{CHLD} = 'IGNORE'; # the kernel then buries whose parents are gone
$SIG{TERM} = sub { kill TERM => -1; select undef, undef, undef, 0.01 while kill 0, -1; exit };
$| = 1;
print "ready\\n";
# The host's devices could be changed through a descriptor.
open STDIN, '<', '/dev/null';
open STDOUT, '>', '/dev/null';
open STDERR, '>', '/dev/null';
sleep 3600 while 1;
`;
