/** The last words of a controller, beside its lab's journal: nobody reads its stderr. */
import fs from 'node:fs';
import path from 'node:path';
import { onDisk } from '../kernel/errors.js';
import { openToAppend } from '../kernel/safe-file.js';
import { labDirectory } from '../lab/run-directory.js';

const logFile = (lab: string) => path.join(labDirectory(lab), 'controller.log');
const previousLogFile = (lab: string) => `${logFile(lab)}.before`;

/** @returns the file with what a controller said as a defect ended it; null if none did */
export function crashLogOf(lab: string): string | null {
  const file = logFile(lab);
  return (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0 ? file : null;
}

export interface CrashLog {
  /** What the controller before this one said; null if it had nothing to say. */
  readonly previous: string | null;
  /** Needs no descriptor; where the disk is full nothing is written. */
  write(error: Error): void;
}

/** Opened while there are descriptors. @throws KernelError */
export function openCrashLog(lab: string): CrashLog {
  const file = logFile(lab);
  const previous = crashLogOf(lab) === null ? null : previousLogFile(lab);
  const fd = onDisk(() => {
    if (previous !== null) fs.renameSync(file, previous);
    return openToAppend(file);
  });
  return {
    previous,
    write: (error) => {
      try {
        fs.writeSync(fd, `${new Date().toISOString()} process ${process.pid}: ${error.stack ?? error.message}\n`);
      } catch {
        // The process ends either way.
      }
    },
  };
}
