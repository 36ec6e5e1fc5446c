/**
 * Network namespaces, entered with setns(2) in this process: 8–11 µs a round trip, against milliseconds for
 * `ip netns exec`. What is created inside stays there for life: sockets, captures, child processes.
 */
import fs from 'node:fs';
import { KernelError, unlessAbsent } from './errors.js';
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
  // The directory appears with the first named namespace.
  return unlessAbsent(() => fs.readdirSync(NETNS_DIRECTORY), []);
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

/** The descriptors by which namespaces are entered; handed to everything that opens sockets or starts processes inside. */
export class OpenNamespaces {
  readonly #open = new Map<string, Netns>();
  /** Those that have lost their name and that somebody may still use. */
  readonly #removed: Netns[] = [];

  /** The same object as long as the namespace is the same. @throws KernelError when there is none */
  netns(name: string): Netns {
    const open = this.#open.get(name) ?? this.open(name);
    this.#open.set(name, open);
    return open;
  }

  /** Whether it is what `netns` gives for its name. */
  holds(netns: Netns): boolean {
    return this.#open.get(netns.name) === netns;
  }

  /** It has lost its name; its descriptor stays open until nobody uses it any more. */
  forget(name: string): void {
    const netns = this.#open.get(name);
    if (netns !== undefined) this.#removed.push(netns);
    this.#open.delete(name);
  }

  /** Lets go of those that were forgotten, when nobody uses them any more. */
  closeForgotten(): void {
    for (const netns of this.#removed.splice(0)) this.close(netns);
  }

  closeAll(): void {
    for (const netns of this.#open.values()) this.close(netns);
    this.closeForgotten();
    this.#open.clear();
  }

  protected open(name: string): Netns {
    return openNetns(name);
  }

  protected close(netns: Netns): void {
    closeNetns(netns);
  }
}
