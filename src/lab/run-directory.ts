/** The files of the labs of this machine: directories, locks and journals. */
import fs from 'node:fs';
import path from 'node:path';
import { createCloud } from '../cloud/create-cloud.js';
import { quote } from '../cloud/text/quote.js';
import type { Cloud } from '../cloud/types.js';
import { EXIT, SglabError } from '../errors.js';
import { onDisk, unlessAbsent } from '../kernel/errors.js';
import { type FileLock, tryLock } from '../kernel/file-lock.js';
import { isLabName } from '../kernel/lab-names.js';
import { findLocks, type HeldLock, realPath } from '../kernel/lock-holders.js';
import { createFile, PRIVATE } from '../kernel/safe-file.js';
import type { ChangeEntry } from '../records/history/types.js';
import { type Holder, type HolderElsewhere, isController, LabInUseError } from './errors.js';

export function runDirectory(): string {
  return process.env.SGLAB_RUN_DIR ?? '/run/sglab';
}

/** Throws SglabError where no lab can have its files: said before anything else fails of it. */
export function checkRunDirectory(): void {
  const directory = runDirectory();
  const refuse = (problem: string, hint: string) => {
    throw new SglabError('BadRunDirectory', problem, { exitCode: EXIT.hostCannot, hint });
  };
  if (!path.isAbsolute(directory)) {
    const is = directory === '' ? 'is empty' : `is ${quote(directory)}, which depends on the working directory`;
    refuse(`SGLAB_RUN_DIR ${is}`, 'name an absolute path, or unset it: the default is /run/sglab');
  }
  let nearest = directory;
  while (!fs.existsSync(nearest)) nearest = path.dirname(nearest);
  const name = quote(nearest, nearest.length);
  if (!fs.statSync(nearest).isDirectory()) {
    refuse(`the run directory ${name} is no directory`, 'remove that file, or name another directory in SGLAB_RUN_DIR');
  }
  try {
    fs.accessSync(nearest, fs.constants.W_OK);
  } catch {
    refuse(
      `the run directory ${name} cannot be written`,
      'it may be on a read-only file system: name another one in SGLAB_RUN_DIR',
    );
  }
}

export const labDirectory = (lab: string) => path.join(runDirectory(), lab);
export const controlSocket = (lab: string) => path.join(labDirectory(lab), 'control.sock');
const LOCK = 'lock';
const lockFile = (lab: string) => path.join(labDirectory(lab), LOCK);

/**
 * Takes a lab for this process: it is then its single writer, also among processes with another run directory, whose lock is
 * another file. Of two that come at once each sees the other's lock: one of them takes the lab, or none. @throws LabInUseError
 */
export function lockLab(lab: string): FileLock {
  const note: Holder = { pid: process.pid, command: process.argv.slice(2).join(' ') };
  const lock = tryLock(lockFile(lab), JSON.stringify(note));
  if (lock === null) throw new LabInUseError(lab, readHolder(lab));
  const release = () => {
    lock.release();
    removeEmptyDirectories(lab);
  };
  const other = lostHolder(lab) ?? holderElsewhere(lab);
  if (other === null) return { release };
  release();
  throw new LabInUseError(lab, other);
}

/** The process that still writes to a lab whose files were deleted. */
export function lostHolder(lab: string): Holder | null {
  const own = realPath(lockFile(lab));
  const holder = firstHolder(lab, ({ file, isLost }) => isLost && file === own);
  return holder === null ? null : { pid: holder.pid, command: holder.command };
}

/** The process of another run directory that writes to the lab. The namespaces of a lab are the same for all of them. */
export function holderElsewhere(lab: string): HolderElsewhere | null {
  const own = realPath(lockFile(lab));
  return firstHolder(lab, ({ file }) => file !== own);
}

function firstHolder(lab: string, isMeant: (lock: HeldLock) => boolean): HolderElsewhere | null {
  for (const lock of findLocks(path.join('/', lab, LOCK)).filter(isMeant)) {
    const holder = parseHolder(lock.note);
    if (holder !== null) return { ...holder, pid: lock.pid, runDirectory: path.dirname(path.dirname(lock.file)) };
  }
  return null;
}

/** @returns null where another program's file has the name of ours */
function parseHolder(note: string): Holder | null {
  try {
    const { pid, command } = JSON.parse(note) as Partial<Holder>;
    return typeof pid === 'number' && typeof command === 'string' ? { pid, command } : null;
  } catch {
    return null;
  }
}

export function readHolder(lab: string): Holder | null {
  try {
    return parseHolder(fs.readFileSync(lockFile(lab), 'utf8'));
  } catch {
    return null;
  }
}

/** Labs that have a directory, running or left behind. */
export function labsWithFiles(): string[] {
  return unlessAbsent(() => fs.readdirSync(runDirectory()), []).filter(isLabName);
}

/** Labs whose controller takes commands, or would if its socket had not been deleted. */
export function labsWithController(): string[] {
  return labsWithFiles().filter((lab) => fs.existsSync(controlSocket(lab)) || runningController(lab) !== null);
}

/** The controller that holds the lab's lock, whether or not it can be reached. */
export function runningController(lab: string): Holder | null {
  const own = realPath(lockFile(lab));
  const holder = firstHolder(lab, ({ file, isLost }) => !isLost && file === own);
  return holder !== null && isController(holder) ? { pid: holder.pid, command: holder.command } : null;
}

/**
 * Removes a lab's files. Its directory, and the one above it with the last lab, go when the lock is released: a lock that
 * were removed before could be another process's already.
 */
export function removeLabFiles(lab: string): void {
  for (const name of filesOf(lab)) {
    if (name !== LOCK) fs.rmSync(path.join(labDirectory(lab), name), { recursive: true, force: true });
  }
}

function filesOf(lab: string): string[] {
  return unlessAbsent(() => fs.readdirSync(labDirectory(lab)), []); // none where they are lost
}

function removeEmptyDirectories(lab: string): void {
  for (const directory of [labDirectory(lab), runDirectory()]) {
    try {
      fs.rmdirSync(directory);
    } catch {
      // something is in it, or it is gone
    }
  }
}

/** The intended state of a lab, written before the kernel is touched, so that a later process can finish or undo it. */
export interface JournalEntry {
  /** Of its shape: what an older sglab left is known by the kernel's own record only. */
  readonly version: 3;
  /** The scenario file it came from, absolute; null when there was none. */
  readonly file: string | null;
  /** Stands for the cloud as the file defines it. */
  readonly definition: number;
  /** As it is now: after all changes since. */
  readonly cloud: Cloud;
  /** The last change with a known origin: whoever makes it may be killed before it is in the history. */
  readonly change: ChangeEntry | null;
}

const journalFile = (lab: string) => path.join(labDirectory(lab), 'state.json');

const previousFile = (lab: string) => `${journalFile(lab)}.before`;

/**
 * Write, fsync, rename: after a crash the file holds the old state or the new one, never half of it. The old one is kept
 * beside it, so that `restoreJournal` needs no space. @throws KernelError; the journal is then what it was
 */
export function writeJournal(entry: JournalEntry): void {
  const file = journalFile(entry.cloud.name);
  const temporary = `${file}.new`;
  const previous = previousFile(entry.cloud.name);
  onDisk(() => {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    try {
      writeThrough(temporary, JSON.stringify(entry));
      fs.rmSync(previous, { force: true });
      if (fs.existsSync(file)) fs.linkSync(file, previous);
      fs.renameSync(temporary, file);
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error;
    }
  });
}

function writeThrough(file: string, text: string): void {
  const fd = createFile(file, PRIVATE);
  try {
    fs.writeFileSync(fd, text);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Takes the last `writeJournal` back; what it said is then the previous one, since the kernel may have parts of it.
 * @throws KernelError; the journal then says what it did
 */
export async function restoreJournal(lab: string): Promise<void> {
  const [file, previous] = [journalFile(lab), previousFile(lab)];
  // Whoever deleted it has taken back what it said, too.
  if (!fs.existsSync(previous)) return;
  const failed = `${file}.failed`;
  onDisk(() => {
    fs.rmSync(failed, { force: true });
    if (fs.existsSync(file)) fs.linkSync(file, failed);
    fs.renameSync(previous, file);
    if (fs.existsSync(failed)) fs.renameSync(failed, previous);
  });
}

/** @returns null when there is none, or none that can be read: the kernel's own record must then do */
export function readJournal(lab: string): JournalEntry | null {
  return readEntry(journalFile(lab));
}

/** What the journal said before: a process that was killed may have left parts of it. */
export function readPreviousJournal(lab: string): JournalEntry | null {
  return readEntry(previousFile(lab));
}

/** Whether it has every member of a cloud, of its type: a file that somebody edited may be anything. */
function isCloud(value: unknown): value is Cloud {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(createCloud({ name: 'any' })).every(([key, member]) => {
    const own: unknown = Reflect.get(value, key);
    return typeof own === typeof member && own !== null && !Array.isArray(own);
  });
}

function readEntry(file: string): JournalEntry | null {
  const text = unlessAbsent(() => fs.readFileSync(file, 'utf8'), '');
  try {
    const entry = JSON.parse(text) as JournalEntry;
    return entry.version === 3 && isCloud(entry.cloud) ? entry : null;
  } catch {
    return null;
  }
}
