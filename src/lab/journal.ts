/** The intended state of a lab, written before the kernel is touched, so that a later process can finish or undo it. */
import fs from 'node:fs';
import path from 'node:path';
import type { Cloud } from '../cloud/types.js';
import { onDisk } from '../kernel/on-disk.js';
import type { ChangeEntry } from '../records/history/types.js';
import { labDirectory } from './run-directory.js';

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
  const fd = fs.openSync(file, 'w', 0o600);
  try {
    fs.writeFileSync(fd, text);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** Takes the last `writeJournal` back; what it said is then the previous one, since the kernel may have parts of it. */
export function restoreJournal(lab: string): void {
  const [file, previous] = [journalFile(lab), previousFile(lab)];
  // Whoever deleted it has taken back what it said, too.
  if (!fs.existsSync(previous)) return;
  const failed = `${file}.failed`;
  fs.rmSync(failed, { force: true });
  if (fs.existsSync(file)) fs.linkSync(file, failed);
  fs.renameSync(previous, file);
  if (fs.existsSync(failed)) fs.renameSync(failed, previous);
}

/** @returns null when there is none, or none that can be read: the kernel's own record must then do */
export function readJournal(lab: string): JournalEntry | null {
  return readEntry(journalFile(lab));
}

/** What the journal said before: a process that was killed may have left parts of it. */
export function readPreviousJournal(lab: string): JournalEntry | null {
  return readEntry(previousFile(lab));
}

function readEntry(file: string): JournalEntry | null {
  try {
    const entry = JSON.parse(fs.readFileSync(file, 'utf8')) as JournalEntry;
    return entry.version === 3 ? entry : null;
  } catch {
    return null;
  }
}
