/** Files of running labs: `/run/sglab/<lab>/…`, gone with the lab. */
import fs from 'node:fs';
import path from 'node:path';
import { type FileLock, tryLock } from '../kernel/file-lock.js';
import { type Holder, LabInUseError } from './errors.js';

export function runDirectory(): string {
  return process.env.SGLAB_RUN_DIR ?? '/run/sglab';
}

export const labDirectory = (lab: string) => path.join(runDirectory(), lab);
export const controlSocket = (lab: string) => path.join(labDirectory(lab), 'control.sock');
const lockFile = (lab: string) => path.join(labDirectory(lab), 'lock');

/** Takes a lab for this process: it is then its single writer. @throws LabInUseError */
export function lockLab(lab: string): FileLock {
  const note: Holder = { pid: process.pid, command: process.argv.slice(2).join(' ') };
  const lock = tryLock(lockFile(lab), JSON.stringify(note));
  if (lock === null) throw new LabInUseError(lab, readHolder(lab));
  return lock;
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
    return fs.readdirSync(runDirectory());
  } catch {
    return [];
  }
}

/** Labs whose controller takes commands. */
export function labsWithController(): string[] {
  return labsWithFiles().filter((lab) => fs.existsSync(controlSocket(lab)));
}

/** Removes a lab's directory, and the one above it with the last lab. */
export function removeLabDirectory(lab: string): void {
  fs.rmSync(labDirectory(lab), { recursive: true, force: true });
  try {
    fs.rmdirSync(runDirectory());
  } catch {
    // other labs are there, or it was never made
  }
}
