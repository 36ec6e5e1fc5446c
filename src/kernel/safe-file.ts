/**
 * Files that root writes in directories where others may write, too. None of these functions follows a symbolic link at the
 * file's name: a link that somebody put there would make root overwrite what it points at. Errors are those of system calls.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const { O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_TRUNC, O_WRONLY } = fs.constants;

/** For root alone: secrets, histories, journals. */
export const PRIVATE = 0o600;
/** For root's group as well: what somebody asked for and named. */
export const REPORT = 0o640;

/** The file has all of the text or what it had before. */
export function replaceFile(file: string, text: string, mode: number): void {
  const device = openDevice(file);
  if (device === null) replaceRegular(file, text, mode);
  else writeAndClose(device, text);
}

function replaceRegular(file: string, text: string, mode: number): void {
  inDirectory(file, (entry) => {
    const beside = entry(`.${path.basename(file)}.${randomUUID()}`);
    try {
      const fd = createNew(beside, mode);
      giveToCaller(fd, mode, entry('.'));
      writeAndClose(fd, text);
      fs.renameSync(beside, entry(path.basename(file)));
    } catch (error) {
      fs.rmSync(beside, { force: true });
      throw error;
    }
  });
}

/** An empty file in the place of what had the name, to be written bit by bit. Returns its descriptor. */
export function createFile(file: string, mode: number): number {
  return (
    openDevice(file) ??
    inDirectory(file, (entry) => {
      const beside = entry(`.${path.basename(file)}.${randomUUID()}`);
      const fd = createNew(beside, mode);
      giveToCaller(fd, mode, entry('.'));
      fs.renameSync(beside, entry(path.basename(file)));
      return fd;
    })
  );
}

/** A file that only grows, new or not. A link is no file of ours: ELOOP. Returns its descriptor. */
export function openToAppend(file: string): number {
  return fs.openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, PRIVATE);
}

export function appendToFile(file: string, text: string): void {
  const fd = openToAppend(file);
  try {
    fs.writeFileSync(fd, text);
  } finally {
    fs.closeSync(fd);
  }
}

/** In place: where the disk is full, what the file had makes room for what it gets. */
export function overwriteFile(file: string, text: string): void {
  const fd = fs.openSync(file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, PRIVATE);
  try {
    fs.writeFileSync(fd, text);
  } finally {
    fs.closeSync(fd);
  }
}

function createNew(file: string, mode: number): number {
  return fs.openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
}

function writeAndClose(fd: number, text: string): void {
  try {
    fs.writeFileSync(fd, text);
    if (fs.fstatSync(fd).isFile()) fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * A device, such as /dev/null, stays what it is; null where a file is to be made. What is neither would be replaced by a file,
 * which nobody who made a link, a pipe or a directory can want.
 */
function openDevice(file: string): number | null {
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return null;
  if (found.isCharacterDevice()) return fs.openSync(file, O_WRONLY | O_NOFOLLOW);
  if (found.isDirectory()) throw fault('EISDIR', 'open', file);
  throw fault(found.isSymbolicLink() ? 'ELOOP' : 'ENXIO', 'open', file);
}

function fault(code: string, syscall: string, file: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${syscall} '${file}'`), { code, syscall, path: file });
}

/** Holds the directory open, so that between two calls it cannot become another one: what `openat` is for. */
function inDirectory<T>(file: string, action: (entry: (name: string) => string) => T): T {
  const fd = fs.openSync(path.dirname(path.resolve(file)), O_RDONLY | O_DIRECTORY);
  try {
    return action((name) => `/proc/self/fd/${fd}/${name}`);
  } finally {
    fs.closeSync(fd);
  }
}

/** A report in a directory of the user who called sudo is the user's: others than root could not read it otherwise. */
function giveToCaller(fd: number, mode: number, directory: string): void {
  const { SUDO_UID, SUDO_GID } = process.env;
  if (mode !== REPORT || process.getuid?.() !== 0 || SUDO_UID === undefined || SUDO_GID === undefined) return;
  if (fs.statSync(directory).uid === Number(SUDO_UID)) fs.fchownSync(fd, Number(SUDO_UID), Number(SUDO_GID));
}
