import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { netnsInode } from './netns.js';

const GRACE_MS = 3000;

/** Ends every process in the namespaces: with SIGTERM, and after three seconds with SIGKILL. */
export async function killNamespaceProcesses(namespaces: readonly string[]): Promise<void> {
  const inodes = new Set(namespaces.map(netnsInode).filter((inode) => inode !== null));
  for (let waited = 0, pids = processesIn(inodes); pids.length > 0; waited += 20, pids = processesIn(inodes)) {
    for (const pid of pids) {
      if (waited === 0 || waited >= GRACE_MS) signal(pid, waited === 0 ? 'SIGTERM' : 'SIGKILL');
    }
    await sleep(20);
  }
}

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

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it ended meanwhile
  }
}
