import fs from 'node:fs';

/** Is there a process with this id that still runs? One that ended and waits for its parent to look is none. */
export function isAlive(pid: number): boolean {
  try {
    const status = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // "1234 (name) S ...": the name may hold anything, brackets too.
    return !/^[ZX]/.test(status.slice(status.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
