import fs from 'node:fs';
import path from 'node:path';
import { onDisk } from './errors.js';
import { errno, libcCalls } from './libc.js';

const LOCK_EX_NB = 2 | 4;

/** A lock that the kernel releases when its process ends, even by `kill -9`. */
export interface FileLock {
  release(): void;
}

/**
 * Takes the lock and writes `note` into its file, so that others can read who holds it.
 * @returns null if another process holds it
 */
export function tryLock(file: string, note: string): FileLock | null {
  for (;;) {
    const fd = onDisk(() => open(file));
    if (fd === null) continue;
    if (libcCalls.flock(fd, LOCK_EX_NB) !== 0) {
      const reason = errno();
      fs.closeSync(fd);
      if (reason === 'EAGAIN') return null;
      throw new Error(`flock ${file}: ${reason}`);
    }
    // The previous holder may have removed the file between the open and the lock here: then the lock is on a deleted
    // file.
    if (isSameFile(fd, file)) {
      try {
        onDisk(() => writeNote(fd, note));
      } catch (error) {
        release(fd, file);
        throw error;
      }
      return { release: () => release(fd, file) };
    }
    fs.closeSync(fd);
  }
}

/** @returns null if the previous holder is removing its directory at this moment */
function open(file: string): number | null {
  // Other users may traverse the directory to files made for them below it, but not list it.
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o711 });
  try {
    const { O_CREAT, O_NOFOLLOW, O_RDWR } = fs.constants;
    return fs.openSync(file, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function writeNote(fd: number, note: string): void {
  fs.ftruncateSync(fd);
  fs.writeSync(fd, note, 0);
}

function isSameFile(fd: number, file: string): boolean {
  return fs.fstatSync(fd).ino === fs.statSync(file, { throwIfNoEntry: false })?.ino;
}

function release(fd: number, file: string): void {
  // If the file was lost meanwhile, another process may have created its own there.
  if (isSameFile(fd, file)) fs.rmSync(file, { force: true });
  fs.closeSync(fd);
}
