/** Processes in network namespaces: those of the host, and the first process of a machine, with which all others of it end. */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { netnsInode } from './netns.js';

const GRACE_MS = 3000;
const POLL_MS = 20;

/**
 * Ends every process in the namespaces: with SIGTERM, and after three seconds with SIGKILL. Those inside machines hear of it from
 * the first one there, also those that have gone into network namespaces of their own.
 */
export async function killNamespaceProcesses(namespaces: readonly string[]): Promise<void> {
  const inodes = new Set(namespaces.map(netnsInode).filter((inode) => inode !== null));
  const inits = new Set<number>();
  for (let waited = 0; ; waited += POLL_MS) {
    const pids = processesIn(inodes);
    for (const pid of pids.filter((each) => idsOf(each).length > 1 && isFirst(each))) inits.add(pid);
    // The kernel takes a while to end all others: until then their first one is there, but in no network namespace any more.
    if (pids.length === 0 && ([...inits].every((pid) => idsOf(pid).length === 0) || waited > 2 * GRACE_MS)) return;
    if (waited === 0) signal(pids.filter(isFirst), 'SIGTERM');
    if (waited >= GRACE_MS) signal(pids, 'SIGKILL');
    await sleep(POLL_MS);
  }
}

/**
 * The first process of the machine in a network namespace: the one in a PID namespace just below this process's own.
 * @param command its name, by which it says that it is ready
 */
export function findInit(namespace: string, command: string): number | null {
  const inode = netnsInode(namespace);
  if (inode === null) return null;
  return processesIn(new Set([inode])).find((pid) => isNamedFirst(pid, command)) ?? null;
}

/** Whether a process that once was the first one of the machine still is: another one may have its id now. */
export function isInit(pid: number, namespace: string, command: string): boolean {
  const inode = netnsInode(namespace);
  return inode !== null && runsIn(pid, new Set([inode])) && isNamedFirst(pid, command);
}

const isNamedFirst = (pid: number, command: string) => idsOf(pid).length > 1 && isFirst(pid) && nameOf(pid) === command;

function processesIn(inodes: ReadonlySet<number>): number[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => pid !== process.pid && runsIn(pid, inodes));
}

/**
 * All threads must be inside: another sglab that inspects the namespace is in it with its main thread only, for some
 * microseconds, or for as long as a busy machine makes it wait there.
 */
function runsIn(pid: number, inodes: ReadonlySet<number>): boolean {
  try {
    if (!inodes.has(fs.statSync(`/proc/${pid}/ns/net`).ino)) return false;
    const threads = fs.readdirSync(`/proc/${pid}/task`);
    return threads.every((thread) => inodes.has(fs.statSync(`/proc/${pid}/task/${thread}/ns/net`).ino));
  } catch {
    return false; // it ended meanwhile, or is a zombie
  }
}

/** Whether it is the host's, or the first one inside a machine: it has one id on the host, and inside the id 1. */
function isFirst(pid: number): boolean {
  const [, inside, ...deeper] = idsOf(pid);
  return inside === undefined || (inside === '1' && deeper.length === 0);
}

/** Its ids, in the PID namespace of this process first; none for a zombie and for one that is gone. */
function idsOf(pid: number): string[] {
  const status = statusOf(pid);
  if (/^State:\s+[ZX]/m.test(status)) return [];
  return /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.split('\t') ?? [];
}

function nameOf(pid: number): string | undefined {
  return /^Name:\s+(.*)$/m.exec(statusOf(pid))?.[1];
}

function statusOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // it ended meanwhile
    }
  }
}
