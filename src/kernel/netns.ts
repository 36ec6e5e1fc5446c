/**
 * Network namespaces, entered with setns(2) in this process: 8–11 µs a round trip, against milliseconds for
 * `ip netns exec`. What is created inside stays there for life: sockets, captures, child processes.
 */
import fs from 'node:fs';
import { KernelError } from './errors.js';
import { checked, libcCalls } from './libc.js';

const CLONE_NEWNET = 0x4000_0000;
export const NETNS_DIRECTORY = '/run/netns';

/** An open network namespace. */
export interface Netns {
  readonly name: string;
  readonly fd: number;
}

/** @throws KernelError when there is no namespace of that name. */
export function openNetns(name: string): Netns {
  try {
    return { name, fd: fs.openSync(`${NETNS_DIRECTORY}/${name}`, 'r') };
  } catch (cause) {
    throw new KernelError({ command: `open namespace ${name}`, stderr: String(cause), cause });
  }
}

const closed = new WeakSet<Netns>();

export function closeNetns(netns: Netns): void {
  closed.add(netns);
  fs.closeSync(netns.fd);
}

/** Whether it was let go of: its descriptor may stand for something else by now. */
export function isClosed(netns: Netns): boolean {
  return closed.has(netns);
}

/** Names of all namespaces that have a name, ours and others'. */
export function listNetns(): string[] {
  try {
    return fs.readdirSync(NETNS_DIRECTORY);
  } catch {
    return []; // the directory appears with the first named namespace
  }
}

let home: number | null = null;

/**
 * Runs `action` with the calling thread inside the namespace. It must be synchronous: anything that is awaited in
 * between would run in the wrong namespace. Aborts the process when there is no way back, because every later
 * action would silently go to the wrong place. @throws KernelError for a namespace that was closed
 */
export function inNetns<T>(netns: Netns, action: () => T): T {
  if (isClosed(netns)) throw new KernelError({ command: `enter namespace ${netns.name}`, stderr: 'it is gone' });
  home ??= fs.openSync('/proc/thread-self/ns/net', 'r');
  if (libcCalls.setns(netns.fd, CLONE_NEWNET) !== 0) checked(`setns ${netns.name}`, -1);
  try {
    return action();
  } finally {
    if (libcCalls.setns(home, CLONE_NEWNET) !== 0) process.abort();
  }
}

/** Inode of the namespace: `/proc/PID/ns/net` of each process inside shows the same number. */
export function netnsInode(name: string): number | null {
  try {
    return fs.statSync(`${NETNS_DIRECTORY}/${name}`).ino;
  } catch {
    return null;
  }
}
