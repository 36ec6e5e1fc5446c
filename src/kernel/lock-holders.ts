import fs from 'node:fs';
import path from 'node:path';
import { NETNS_DIRECTORY } from './netns.js';

/** A lock that a living process holds. */
export interface HeldLock {
  readonly pid: number;
  /** The path as the kernel gives it: links are resolved. */
  readonly file: string;
  /** Whether the file has been deleted. */
  readonly isLost: boolean;
  /** The holder's note in the file, which exists as long as the file is open. */
  readonly note: string;
}

const LOST = ' (deleted)';

/**
 * Every lock on a file with this ending, from the kernel's list of locks: wherever the file is, even if it is deleted.
 * Processes that see other named namespaces than this one count as being on another host.
 */
export function findLocks(ending: string): HeldLock[] {
  const here = hostOf('self');
  return lockingProcesses().flatMap((pid) => {
    const descriptors = descriptorsOf(pid).flatMap((descriptor) => readLock(pid, descriptor, ending) ?? []);
    return descriptors.length > 0 && hostOf(pid) === here ? descriptors : [];
  });
}

/** Parses "1: FLOCK  ADVISORY  WRITE 4711 00:1a:42 0 EOF". */
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

/** Identifies the directory of named namespaces that a process sees or, without one, its mount namespace. */
function hostOf(pid: number | 'self'): string {
  try {
    const found = fs.statSync(`/proc/${pid}/root${NETNS_DIRECTORY}`, { throwIfNoEntry: false });
    return found === undefined ? fs.readlinkSync(`/proc/${pid}/ns/mnt`) : `${found.dev}:${found.ino}`;
  } catch {
    return ''; // it ended meanwhile
  }
}

/** The path as the kernel gives it, even if its directories are gone. */
export function realPath(file: string): string {
  const directory = path.dirname(path.resolve(file));
  if (directory === path.resolve(file)) return directory;
  const real = fs.existsSync(directory) ? fs.realpathSync(directory) : realPath(directory);
  return path.join(real, path.basename(file));
}
