/** What an earlier process has left of a lab, as its journal says it. */
import type { Cloud } from '../cloud/types.js';
import { hash31 } from '../kernel/lab-names.js';
import { OtherLabLeftError } from './errors.js';
import type { States } from './namespace-state.js';
import { planLab } from './plan-lab.js';
import { type JournalEntry, readJournal, readPreviousJournal } from './run-directory.js';

export interface Leftovers {
  readonly before: JournalEntry | null;
  /** Of which a killed process may have left parts, too. */
  readonly earlier: States;
  /** Namespaces that it may have been about to make. */
  readonly claimed: ReadonlySet<string>;
  /** Stands for the cloud as the file defines it now. */
  readonly definition: number;
  /** The lab goes on as it was left, with all changes since it was defined. */
  readonly isResumed: boolean;
  /** The one to build. */
  readonly cloud: Cloud;
}

/** @throws OtherLabLeftError */
export function findLeftovers(
  defined: Cloud,
  { file, leftovers }: { readonly file: string | null; readonly leftovers: 'resume' | 'rebuild' },
): Leftovers {
  const before = readJournal(defined.name);
  const definition = hash31(file === null ? defined.region : JSON.stringify(defined));
  const isResumed = leftovers === 'resume' && before?.definition === definition;
  if (file === null && leftovers === 'resume' && before !== null && !isResumed) {
    throw new OtherLabLeftError(defined, before);
  }
  return {
    before,
    earlier: statesOf(readPreviousJournal(defined.name)),
    claimed: claimedNames(defined.name),
    definition,
    isResumed,
    cloud: isResumed ? before.cloud : defined,
  };
}

/** Names of namespaces that an earlier process may have been about to make when it was killed: ours, also without a mark. */
export function claimedNames(lab: string): ReadonlySet<string> {
  return new Set([readJournal(lab), readPreviousJournal(lab)].flatMap((entry) => [...statesOf(entry).keys()]));
}

function statesOf(entry: JournalEntry | null): States {
  return entry === null ? new Map() : planLab(entry.cloud);
}
