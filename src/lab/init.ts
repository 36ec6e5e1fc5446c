/** The first process of each machine in which a program runs. Other programs are started beside it, in its namespaces. */
import fs from 'node:fs';
import type { Cloud } from '../cloud/types.js';
import { EXIT, SglabError } from '../errors.js';
import { KernelError } from '../kernel/errors.js';
import { findInit, isInit } from '../kernel/namespace-processes.js';
import type { Netns } from '../kernel/netns.js';
import { keepOpenFiles, type ProcessOptions, spawn } from '../kernel/process.js';
import { openUserNamespace, ownerOf } from '../kernel/user-namespaces.js';
import { INIT_NAME, INSIDE_SCRATCH, insideScript, readHostFiles } from './inside.js';
import { insideOf } from './machine.js';

export interface Machine {
  readonly kind: 'instance' | 'external';
  readonly name: string;
  readonly netns: Netns;
}

const inits = new WeakMap<Netns, Promise<number>>();

/**
 * The process id of a machine's first process. It is started with the first program; what an earlier process of sglab started is
 * found. @throws SglabError
 */
export function initOf(cloud: Cloud, machine: Machine): Promise<number> {
  const { netns } = machine;
  const known = inits.get(netns)?.catch(() => null) ?? Promise.resolve(findInit(netns.name, INIT_NAME));
  const init = known.then((pid) =>
    pid !== null && isInit(pid, netns.name, INIT_NAME) ? pid : startInit(cloud, machine),
  );
  inits.set(netns, init);
  return init;
}

async function startInit(cloud: Cloud, machine: Machine): Promise<number> {
  const { name, netns } = machine;
  if (ownerOf(netns) === 0) {
    throw new SglabError('LabTooOld', `${name} was made by an earlier sglab, and no program can be shut in there`, {
      exitCode: EXIT.badInput,
      hint: `take the lab ${cloud.name} down, and up again`,
    });
  }
  const userNamespace = openUserNamespace(netns);
  try {
    const inside = insideOf(cloud, machine, `/proc/${process.pid}/fd/${userNamespace}`);
    const script = insideScript(inside, readHostFiles());
    keepOpenFiles();
    const { subprocess } = spawn('unshare', ['--mount', '--', 'sh', '-c', script], {
      namespace: netns,
      pidNamespace: 'new',
      ...OUTLIVING,
    });
    subprocess.stdin?.end();
    await isReady(subprocess, `start the first process of ${name}`);
    return subprocess.pid ?? 0;
  } finally {
    fs.closeSync(userNamespace);
  }
}

/**
 * For processes that end with their machine, not with this process. They get pipes: of a file of the host, and be it /dev/null,
 * root inside could change the permissions.
 */
export const OUTLIVING = { detached: true, cleanup: false, reject: false, buffer: false } as const;

export type Subprocess = ReturnType<typeof spawn>['subprocess'];

/** @throws KernelError with what it said instead */
async function isReady(subprocess: Subprocess, command: string): Promise<void> {
  const { stdout, stderr } = subprocess;
  let said = '';
  stderr?.on('data', (data) => {
    said += data;
  });
  await new Promise<void>((resolve, reject) => {
    stdout?.once('data', () => resolve());
    subprocess.once('exit', (exitCode: number | null) =>
      setImmediate(() => reject(new KernelError({ command, exitCode, stderr: said }))),
    );
    subprocess.once('error', (cause) => reject(new KernelError({ command, stderr: cause.message, cause })));
  });
  stdout?.destroy();
  stderr?.destroy();
  subprocess.unref();
}

/** The program's words reach it as they are ("$@"). */
const START_INSIDE = `cd ${INSIDE_SCRATCH} && exec "$@"`;

export interface Entrance {
  readonly netns: Netns;
  /** The process id of the machine's first process. */
  readonly init: number;
}

/** Starts a program inside a machine, as a child of this process. */
export function spawnInside(
  { netns, init }: Entrance,
  argv: readonly string[],
  options: ProcessOptions,
): { subprocess: Subprocess } {
  return spawnEntering({ netns, init }, [...nsenter(init), 'sh', '-c', START_INSIDE, 'sglab', ...argv], options);
}

const MOVE_MOUNT_F_EMPTY_PATH = 4;
/** move_mount(2), by the number that it has everywhere, from the descriptor 9 to a path. */
const ATTACH = `my ($to, $here) = ($ARGV[0], "");
syscall(429, 9, $here, -100, $to, ${MOVE_MOUNT_F_EMPTY_PATH}) == 0 or die "$to: $!\\n"`;

/** In a mount namespace for this program alone; a directory that the machine does not have is made. */
const ATTACH_INSIDE = `mkdir -p "$1" && perl -e "$0" "$1" && exec 9<&- && shift && ${START_INSIDE}`;

export interface Share {
  /** A descriptor of the directory as a mount that is attached nowhere. */
  readonly mount: number;
  /** Where the program finds it. */
  readonly place: string;
}

/** The same for a program to which a directory of the host is handed in. */
export function spawnSharing(
  entrance: Entrance,
  argv: readonly string[],
  options: ProcessOptions,
  { mount, place }: Share,
): { subprocess: Subprocess } {
  const open = ['sh', '-c', 'exec 9<"$0" && exec "$@"', `/proc/${process.pid}/fd/${mount}`];
  const attach = ['unshare', '--mount', '--', 'sh', '-c', ATTACH_INSIDE, ATTACH, place];
  return spawnEntering(entrance, [...open, ...nsenter(entrance.init), ...attach, ...argv], options);
}

function nsenter(init: number): string[] {
  const of = (kind: string) => `/proc/${init}/ns/${kind}`;
  return ['nsenter', `--mount=${of('mnt')}`, `--uts=${of('uts')}`, `--ipc=${of('ipc')}`, `--user=${of('user')}`, '--'];
}

/** A process of its own would be needed to enter a PID namespace later, and would have to hand on signals. */
function spawnEntering(
  { netns, init }: Entrance,
  [file = '', ...args]: readonly string[],
  options: ProcessOptions,
): { subprocess: Subprocess } {
  const pidNamespace = fs.openSync(`/proc/${init}/ns/pid`, 'r');
  try {
    keepOpenFiles();
    return spawn(file, args, { ...options, namespace: netns, pidNamespace });
  } finally {
    fs.closeSync(pidNamespace);
  }
}
