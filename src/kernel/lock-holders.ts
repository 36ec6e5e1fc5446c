import fs from 'node:fs';
import path from 'node:path';
import { NETNS_DIRECTORY } from './netns.js';

/** A lock that a living process holds. */
export interface HeldLock {
  readonly pid: number;
  /** As the kernel names it: links are followed. */
  readonly file: string;
  /** Somebody deleted the file. */
  readonly isLost: boolean;
  /** What the holder wrote into the file, which lives as long as it is open. */
  readonly note: string;
}

const LOST = ' (deleted)';

/**
 * Every lock on a file that ends so, by the kernel's list of locks: wherever the file is, also one that is there no longer.
 * Processes that see other named namespaces than we do are on another host.
 */
export function findLocks(ending: string): HeldLock[] {
  const here = hostOf('self');
  return lockingProcesses().flatMap((pid) => {
    const descriptors = descriptorsOf(pid).flatMap((descriptor) => readLock(pid, descriptor, ending) ?? []);
    return descriptors.length > 0 && hostOf(pid) === here ? descriptors : [];
  });
}

/** "1: FLOCK  ADVISORY  WRITE 4711 00:1a:42 0 EOF" */
function lockingProcesses(): number[] {
  const lines = fs.readFileSync('/proc/locks', 'utf8').matchAll(/^\d+: FLOCK\s+ADVISORY\s+WRITE\s+(\d+) /gm);
  return [...new Set([...lines].map(([, pid]) => Number(pid)))];
}

function descriptorsOf(pid: number): string[] {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
  } catch {
    return []; // it ended meanwhile
  }
}

function readLock(pid: number, descriptor: string, ending: string): HeldLock | null {
  try {
    const link = fs.readlinkSync(descriptor);
    const isLost = link.endsWith(LOST);
    const file = isLost ? link.slice(0, -LOST.length) : link;
    if (!file.endsWith(ending)) return null;
    const isLocked = /^lock:.*\bFLOCK\b/m.test(fs.readFileSync(descriptor.replace('/fd/', '/fdinfo/'), 'utf8'));
    return isLocked ? { pid, file, isLost, note: fs.readFileSync(descriptor, 'utf8') } : null;
  } catch {
    return null; // closed meanwhile
  }
}

/** Stands for the directory of named namespaces that a process sees; where it has none, for its mounts. */
function hostOf(pid: number | 'self'): string {
  try {
    const found = fs.statSync(`/proc/${pid}/root${NETNS_DIRECTORY}`, { throwIfNoEntry: false });
    return found === undefined ? fs.readlinkSync(`/proc/${pid}/ns/mnt`) : `${found.dev}:${found.ino}`;
  } catch {
    return ''; // it ended meanwhile
  }
}

/** As the kernel names it, also where its directories are gone. */
export function realPath(file: string): string {
  const directory = path.dirname(path.resolve(file));
  if (directory === path.resolve(file)) return directory;
  const real = fs.existsSync(directory) ? fs.realpathSync(directory) : realPath(directory);
  return path.join(real, path.basename(file));
}
