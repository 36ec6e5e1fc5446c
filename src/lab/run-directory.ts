/** Files of running labs: `/run/sglab/<lab>/…`, gone with the lab. */
import fs from 'node:fs';
import path from 'node:path';
import { type FileLock, tryLock } from '../kernel/file-lock.js';
import { findLostLock } from '../kernel/lost-lock.js';
import { type Holder, LabInUseError } from './errors.js';
import { isLabName } from './names.js';

export function runDirectory(): string {
  return process.env.SGLAB_RUN_DIR ?? '/run/sglab';
}

export const labDirectory = (lab: string) => path.join(runDirectory(), lab);
export const controlSocket = (lab: string) => path.join(labDirectory(lab), 'control.sock');
const LOCK = 'lock';
const lockFile = (lab: string) => path.join(labDirectory(lab), LOCK);

/** Takes a lab for this process: it is then its single writer. @throws LabInUseError */
export function lockLab(lab: string): FileLock {
  const lost = lostHolder(lab);
  if (lost !== null) throw new LabInUseError(lab, lost);
  const note: Holder = { pid: process.pid, command: process.argv.slice(2).join(' ') };
  const lock = tryLock(lockFile(lab), JSON.stringify(note));
  if (lock === null) throw new LabInUseError(lab, readHolder(lab));
  return {
    release: () => {
      lock.release();
      removeEmptyDirectories(lab);
    },
  };
}

/** The process that still writes to a lab whose files were deleted. */
export function lostHolder(lab: string): Holder | null {
  const lost = findLostLock(lockFile(lab));
  return lost === null ? null : { pid: lost.pid, command: (JSON.parse(lost.note) as Holder).command };
}

export function readHolder(lab: string): Holder | null {
  try {
    return JSON.parse(fs.readFileSync(lockFile(lab), 'utf8')) as Holder;
  } catch {
    return null;
  }
}

/** Labs that have a directory, running or left behind. */
export function labsWithFiles(): string[] {
  try {
    return fs.readdirSync(runDirectory()).filter(isLabName);
  } catch {
    return [];
  }
}

/** Labs whose controller takes commands. */
export function labsWithController(): string[] {
  return labsWithFiles().filter((lab) => fs.existsSync(controlSocket(lab)));
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
  try {
    return fs.readdirSync(labDirectory(lab));
  } catch {
    return []; // lost
  }
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
