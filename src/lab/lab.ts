/** One lab: its intended state, its journal, its lock, and the kernel objects that follow them. */
import type { Cloud } from '../cloud/types.js';
import type { Aged } from '../kernel/aged.js';
import type { FileLock } from '../kernel/file-lock.js';
import { checkLabName, hash31 } from '../kernel/lab-names.js';
import type { Netns } from '../kernel/netns.js';
import { cloudDifference } from '../records/history/difference.js';
import type { ChangeEntry, Origin } from '../records/history/types.js';
import { ageLab } from './age-lab.js';
import { Dataplane } from './dataplane.js';
import { OtherLabLeftError } from './errors.js';
import { HistoryFile } from './history-file.js';
import { type JournalEntry, readJournal, readPreviousJournal, restoreJournal, writeJournal } from './journal.js';
import { writeHostsFiles, writeResolverFiles } from './machine.js';
import { planLab } from './plan-lab.js';
import { lockLab, removeLabFiles } from './run-directory.js';

export interface LabOptions {
  /** The scenario file, absolute; for the journal. */
  readonly file: string | null;
  /**
   * What to do with what a killed process left of this lab. `resume`: take it over, with all changes that were made since,
   * as long as the file says what it said then. `rebuild`: begin anew.
   */
  readonly leftovers: 'resume' | 'rebuild';
  /** Ends a build that is under way; what it made so far goes with `down`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Of the definition: without it the lab keeps no history. */
  readonly origin?: Origin;
}

/** What lives above a lab's kernel objects and stands or falls with a change of them. */
export interface Staged {
  /** Makes what needs namespaces, links or addresses that are new: they are there now. @throws when it cannot */
  grow(): Promise<void>;
  /** Lets go of what the new state does not have. Namespaces that go have no name and no link any more. */
  commit(): void;
  /** Lets go of what was made for the change. */
  undo(): void;
}

interface LabState {
  readonly cloud: Cloud;
  /** Stands for the cloud as the file defines it. */
  readonly definition: number;
  readonly file: string | null;
  /** The last one with a known origin. */
  readonly change: ChangeEntry | null;
}

export class Lab {
  readonly name: string;
  readonly #lock: FileLock;
  readonly #dataplane: Dataplane;
  #state: LabState;
  readonly #history: HistoryFile;
  #changes: Promise<unknown> = Promise.resolve();
  #isChanging = false;

  private constructor(state: LabState, lock: FileLock, dataplane: Dataplane, history: HistoryFile) {
    this.name = state.cloud.name;
    this.#state = state;
    this.#lock = lock;
    this.#dataplane = dataplane;
    this.#history = history;
  }

  /**
   * Builds a lab, or takes over what an earlier process left of it: what is right stays in place and goes on filtering.
   * @throws LabInUseError, ForeignObjectError before anything is touched; KernelError when everything that it made is
   * removed again; OtherLabLeftError when a Region without a file would take the place of another lab: what clients
   * made is written nowhere else
   */
  static async up(defined: Cloud, { file, leftovers, origin, ...options }: LabOptions): Promise<Lab> {
    const lock = lockLab(checkLabName(defined.name));
    const before = readJournal(defined.name);
    const earlier = readPreviousJournal(defined.name);
    const definition = hash31(file === null ? defined.region : JSON.stringify(defined));
    const resumed = leftovers === 'resume' && before?.definition === definition;
    if (file === null && leftovers === 'resume' && before !== null && !resumed) {
      lock.release();
      throw new OtherLabLeftError(defined, before);
    }
    const cloud = resumed ? before.cloud : defined;
    const plan = planLab(cloud);
    const dataplane = new Dataplane(cloud.name, new Set([...namespacesOf(before), ...namespacesOf(earlier)]));
    try {
      dataplane.refuseForeign(plan);
    } catch (error) {
      if (before === null) removeLabFiles(cloud.name);
      lock.release();
      throw error;
    }
    const history = new HistoryFile(cloud.name, before?.change ?? null);
    const earlierCloud = leftovers === 'resume' ? (before?.cloud ?? null) : null;
    const change = resumed ? before.change : entryOf(history, origin, earlierCloud, cloud);
    const lab = new Lab({ cloud, definition, file, change }, lock, dataplane, history);
    let touched = leftovers === 'rebuild' || before === null;
    try {
      if (leftovers === 'rebuild') await dataplane.destroy();
      lab.#write(lab.#state);
      writeHostsFiles(cloud);
      writeResolverFiles(cloud);
      touched = true;
      await dataplane.converge(plan, { ...options, ...(earlier === null ? {} : { earlier: planLab(earlier.cloud) }) });
      if (!resumed && change !== null) history.add(change);
      return lab;
    } catch (error) {
      // What was there before us is not ours to take away: it filters on, and the next `up` can try again.
      await (resumed || !touched ? lab.release() : lab.down());
      throw error;
    }
  }

  /** Removes whatever there is of a lab, by the kernel's own record; works without any file. */
  static async remove(name: string): Promise<void> {
    const lock = lockLab(checkLabName(name));
    const claimed = [readJournal(name), readPreviousJournal(name)].flatMap((entry) => [...namespacesOf(entry)]);
    await new Dataplane(name, new Set(claimed)).destroy();
    removeLabFiles(name);
    lock.release();
  }

  get cloud(): Cloud {
    return this.#state.cloud;
  }

  /** For what is learned about its changes later. */
  get history(): HistoryFile {
    return this.#history;
  }

  /** What packets meet may be the state before the change under way, or the one after it. */
  get isChanging(): boolean {
    return this.#isChanging;
  }

  netns(name: string): Netns {
    return this.#dataplane.netns(name);
  }

  /** Whether it is still a namespace of the lab, and no other one of its name. */
  holds(netns: Netns): boolean {
    return this.#dataplane.holds(netns);
  }

  /**
   * Changes the cloud to any other one of the same name: when it returns, the next packet meets the new rules, what is new is
   * reachable, and what is gone does not answer. Changes follow one another, none is lost.
   * @param mutate gives the new state, and throws where the change is not allowed: then nothing happens
   * @param stage makes ready what the new state needs besides, and throws where it cannot: then nothing happens either
   * @param origin of the change, for the lab's history; without it there is no entry
   * @throws KernelError when the kernel refused, ForeignObjectError when a new name is somebody else's; state, journal and
   * kernel are then what they were
   */
  change(mutate: (cloud: Cloud) => Cloud, stage: (next: Cloud) => Staged, origin?: Origin): Promise<Cloud> {
    const done = this.#changes.then(() => {
      const next = mutate(this.cloud);
      const staged = stage(next);
      const entry = entryOf(this.#history, origin, this.cloud, next);
      this.#isChanging = entry !== null;
      return this.#apply(next, staged, entry);
    });
    this.#changes = done
      .catch(() => {})
      .finally(() => {
        this.#isChanging = false;
      });
    return done;
  }

  /** Lets whole seconds of silence pass for every connection. Changes of rules before it are in force, later ones wait. */
  advance(seconds: number): Promise<Aged> {
    const done = this.#changes.then(() => ageLab(this.cloud, (name) => this.netns(name), seconds));
    this.#changes = done.catch(() => {});
    return done;
  }

  /** Makes ready for changes, in the background: the first one on many cards is then as quick as any other. */
  prepareChanges(): Promise<void> {
    return this.#dataplane.prepareUpdates();
  }

  async #apply(next: Cloud, staged: Staged, change: ChangeEntry | null): Promise<Cloud> {
    const before = this.cloud;
    const state = { ...this.#state, cloud: next, ...(change === null ? {} : { change }) };
    try {
      this.#write(state);
    } catch (error) {
      staged.undo();
      throw error;
    }
    try {
      await this.#reach(next, () => staged.grow());
    } catch (error) {
      staged.undo();
      restoreJournal(this.name);
      await this.#reach(before, async () => {});
      this.#dataplane.closeRemoved();
      throw error;
    }
    this.#state = state;
    if (change !== null) this.#history.add(change);
    staged.commit();
    this.#dataplane.closeRemoved();
    await this.#dataplane.prepareNew();
    return next;
  }

  /** What goes goes last: until then all of it can be taken back. */
  async #reach(cloud: Cloud, grown: () => Promise<void>): Promise<void> {
    const plan = planLab(cloud);
    writeHostsFiles(cloud);
    writeResolverFiles(cloud);
    await this.#dataplane.grow(plan);
    await grown();
    await this.#dataplane.shrink(plan);
  }

  /** Removes the lab: namespaces, processes inside them, files. */
  async down(): Promise<void> {
    await this.#changes;
    await this.#dataplane.destroy();
    removeLabFiles(this.name);
    this.#lock.release();
  }

  /** Lets go of the lab and leaves it in the kernel for another process to take over. */
  async release(): Promise<void> {
    await this.#changes;
    await this.#dataplane.release();
    this.#lock.release();
  }

  #write(state: LabState): void {
    writeJournal({ version: 3, ...state });
  }
}

/** What the history will say of a change; null where nothing changes, or where nobody asks for a history. */
function entryOf(
  history: HistoryFile,
  origin: Origin | undefined,
  before: Cloud | null,
  next: Cloud,
): ChangeEntry | null {
  if (origin === undefined) return null;
  const changes = cloudDifference(before, next);
  if (changes.length === 0) return null;
  return { type: 'change', number: history.last + 1, time: new Date().toISOString(), ...origin, changes };
}

function namespacesOf(entry: JournalEntry | null): ReadonlySet<string> {
  return new Set(entry === null ? [] : planLab(entry.cloud).namespaces.keys());
}
