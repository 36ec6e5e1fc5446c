/** The intended state of a lab, written before the kernel is touched, so that a later process can finish or undo it. */
import fs from 'node:fs';
import path from 'node:path';
import type { Cloud } from '../cloud/types.js';
import { labDirectory } from './run-directory.js';

export interface JournalEntry {
  readonly version: 1;
  /** The scenario file it came from, absolute; null when there was none. */
  readonly file: string | null;
  /** Stands for the cloud as the file defines it. */
  readonly definition: number;
  /** As it is now: after all changes since. */
  readonly cloud: Cloud;
}

const journalFile = (lab: string) => path.join(labDirectory(lab), 'state.json');

/** Write, fsync, rename: after a crash the file holds the old state or the new one, never half of it. */
export function writeJournal(entry: JournalEntry): void {
  const file = journalFile(entry.cloud.name);
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.new`;
  const fd = fs.openSync(temporary, 'w', 0o600);
  try {
    fs.writeSync(fd, JSON.stringify(entry));
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(temporary, file);
}

/** @returns null when there is none, or none that can be read: the kernel's own record must then do */
export function readJournal(lab: string): JournalEntry | null {
  try {
    const entry = JSON.parse(fs.readFileSync(journalFile(lab), 'utf8')) as JournalEntry;
    return entry.version === 1 ? entry : null;
  } catch {
    return null;
  }
}
