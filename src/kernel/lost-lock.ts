import fs from 'node:fs';
import path from 'node:path';

/** A process that holds a lock whose file somebody deleted. */
export interface LostLock {
  readonly pid: number;
  /** What it wrote into the file, which lives as long as it is open. */
  readonly note: string;
}

/** Finds, by the kernel's list of locks, who locked a file of that path that is there no longer. */
export function findLostLock(file: string): LostLock | null {
  const link = `${realPath(file)} (deleted)`;
  for (const pid of lockingProcesses()) {
    const descriptor = descriptorsOf(pid).find((each) => isLockOn(each, link));
    if (descriptor !== undefined) return { pid, note: fs.readFileSync(descriptor, 'utf8') };
  }
  return null;
}

/** "1: FLOCK  ADVISORY  WRITE 4711 00:1a:42 0 EOF" */
function lockingProcesses(): Set<number> {
  const lines = fs.readFileSync('/proc/locks', 'utf8').matchAll(/^\d+: FLOCK\s+ADVISORY\s+WRITE\s+(\d+) /gm);
  return new Set([...lines].map(([, pid]) => Number(pid)));
}

function descriptorsOf(pid: number): string[] {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
  } catch {
    return []; // it ended meanwhile
  }
}

function isLockOn(descriptor: string, link: string): boolean {
  try {
    const isFile = fs.readlinkSync(descriptor) === link;
    return isFile && /^lock:.*\bFLOCK\b/m.test(fs.readFileSync(descriptor.replace('/fd/', '/fdinfo/'), 'utf8'));
  } catch {
    return false; // closed meanwhile
  }
}

/** As the kernel names it, also where its directories are gone. */
function realPath(file: string): string {
  const directory = path.dirname(path.resolve(file));
  if (directory === path.resolve(file)) return directory;
  const real = fs.existsSync(directory) ? fs.realpathSync(directory) : realPath(directory);
  return path.join(real, path.basename(file));
}
