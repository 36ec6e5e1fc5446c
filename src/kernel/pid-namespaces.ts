/** Process id namespaces, which a thread chooses for the processes that it starts from then on; it stays where it is itself. */
import fs from 'node:fs';
import { checked, libcCalls } from './libc.js';

const CLONE_NEWPID = 0x2000_0000;

/** A descriptor of one; `new`: one of its own, whose init is the first process started there. */
export type PidNamespace = number | 'new';

let home: number | null = null;

/**
 * Runs `action`, whose processes start in the namespace. It must be synchronous, as with `inNetns`; the process aborts when
 * there is no way back. @throws KernelError
 */
export function inPidNamespace<T>(namespace: PidNamespace, action: () => T): T {
  home ??= fs.openSync('/proc/thread-self/ns/pid', 'r');
  if (namespace === 'new') checked('unshare', libcCalls.unshare(CLONE_NEWPID));
  else checked('setns', libcCalls.setns(namespace, CLONE_NEWPID));
  try {
    return action();
  } finally {
    if (libcCalls.setns(home, CLONE_NEWPID) !== 0) process.abort();
  }
}
