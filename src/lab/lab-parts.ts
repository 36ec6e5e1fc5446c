/** What a lab is put together from, before anything is touched. */
import path from 'node:path';
import type { Cloud } from '../cloud/types.js';
import type { FileLock } from '../kernel/file-lock.js';
import type { Kernel } from '../kernel/kernel.js';
import { checkLabName } from '../kernel/lab-names.js';
import { RealKernel } from '../kernel/real-kernel.js';
import type { Origin } from '../records/history/types.js';
import { Dataplane } from './dataplane.js';
import { HistoryFile } from './history-file.js';
import { findLeftovers, type Leftovers } from './leftovers.js';
import { Planner } from './planner.js';
import { type JournalEntry, labDirectory, lockLab, removeLabFiles } from './run-directory.js';

export interface LabDefinition {
  /** The scenario file, absolute; for the journal. */
  readonly file: string | null;
  /**
   * What to do with what a killed process left of this lab. `resume`: take it over, with all changes that were made since,
   * as long as the file says what it said then. `rebuild`: begin anew.
   */
  readonly leftovers: 'resume' | 'rebuild';
  /** Of the definition: without it the lab keeps no history. */
  readonly origin?: Origin;
  /** Left out: this host's. */
  readonly kernel?: Kernel;
}

export type LabState = Omit<JournalEntry, 'version'>;

export interface LabParts {
  readonly state: LabState;
  readonly lock: FileLock;
  readonly dataplane: Dataplane;
  readonly planner: Planner;
  readonly history: HistoryFile;
  readonly found: Leftovers;
}

/** @throws LabInUseError, OtherLabLeftError, ForeignObjectError; nothing has changed then */
export function assemble(defined: Cloud, definition: LabDefinition): LabParts {
  const lock = lockLab(checkLabName(defined.name));
  let isNew = false;
  try {
    const found = findLeftovers(defined, definition);
    isNew = found.before === null;
    const planner = new Planner(found.cloud);
    const dataplane = dataplaneOf(defined.name, found.claimed, definition.kernel);
    dataplane.refuseForeign(planner.states);
    const history = new HistoryFile(defined.name, found.before?.change ?? null);
    return { state: stateOf(found, definition, history), lock, dataplane, planner, history, found };
  } catch (error) {
    try {
      if (isNew) removeLabFiles(defined.name);
    } finally {
      lock.release();
    }
    throw error;
  }
}

/** @param claimed see Dataplane @param kernel left out: this host's */
export function dataplaneOf(lab: string, claimed: ReadonlySet<string>, kernel?: Kernel): Dataplane {
  return new Dataplane(lab, kernel ?? new RealKernel(path.join(labDirectory(lab), 'nft')), claimed);
}

function stateOf(found: Leftovers, { file, leftovers, origin }: LabDefinition, history: HistoryFile): LabState {
  const { before, cloud, definition, isResumed } = found;
  const replaced = leftovers === 'resume' ? (before?.cloud ?? null) : null;
  const change = isResumed ? (before?.change ?? null) : history.entryOf(origin, replaced, cloud);
  return { file, definition, cloud, change };
}
