/** One lab: its intended state, its journal, its lock, and everything in and above the kernel that follows them. */
import pLimit from 'p-limit';
import { applyMutation } from '../changes/mutation.js';
import type { Mutation } from '../changes/verbs.js';
import { forgetTerminated } from '../cloud/instances/instance-life.js';
import type { Cloud } from '../cloud/types.js';
import type { AgingResult } from '../kernel/aged.js';
import { Epoll } from '../kernel/epoll.js';
import { settleAll } from '../kernel/errors.js';
import type { FileLock } from '../kernel/file-lock.js';
import { checkLabName } from '../kernel/lab-names.js';
import type { OpenNamespaces } from '../kernel/netns.js';
import type { ChangeEntry, Origin } from '../records/history/types.js';
import type { Staged } from '../traffic/open-set.js';
import { ageLab } from './age-lab.js';
import type { BuildOptions, Dataplane } from './dataplane.js';
import { scriptOf } from './dry-run.js';
import { becauseOf } from './errors.js';
import type { HistoryFile } from './history-file.js';
import { Integrity } from './integrity.js';
import { assemble, dataplaneOf, type LabDefinition, type LabParts, type LabState } from './lab-parts.js';
import { LabTraffic } from './lab-traffic.js';
import { claimedNames, type Leftovers } from './leftovers.js';
import { Listeners } from './listeners.js';
import { MachineFiles } from './machine.js';
import type { Planner } from './planner.js';
import { requireProxy } from './proxies.js';
import type { Change } from './reconcile.js';
import { lockLab, removeLabFiles, restoreJournal, writeJournal } from './run-directory.js';

export interface LabOptions extends LabDefinition, BuildOptions {}

export class Lab {
  readonly name: string;
  /** The same object for a namespace as long as it is the same. */
  readonly namespaces: OpenNamespaces;
  /** For what is learned about its changes later. */
  readonly history: HistoryFile;
  readonly traffic: LabTraffic;
  /** Whether the kernel still has what was written. */
  readonly integrity: Integrity;
  readonly #lock: FileLock;
  readonly #dataplane: Dataplane;
  readonly #planner: Planner;
  /** Told of every change before the kernel is touched, which may still refuse it. */
  readonly changing = new Listeners<[before: Cloud, next: Cloud]>();
  /** Told that a change, or the removal of the lab, goes on. */
  readonly goesOn = new Listeners<[]>();
  readonly #machineFiles = new MachineFiles();
  /** Those who change the lab, or rehearse changes of it, take turns. */
  readonly #turns = pLimit(1);
  /** So do single changes, in a rehearsal too. */
  readonly #changes = pLimit(1);
  #state: LabState;
  #isChanging = false;
  #isRehearsing = false;

  private constructor({ state, lock, dataplane, planner, history }: LabParts) {
    this.name = state.cloud.name;
    this.#state = state;
    this.#lock = lock;
    this.#dataplane = dataplane;
    this.#planner = planner;
    this.history = history;
    this.namespaces = dataplane.namespaces;
    const [epoll, cloud] = [new Epoll(), () => this.cloud];
    this.integrity = new Integrity(
      { lab: this.name, epoll, cloud, planner, dataplane, history },
      { alone: (action) => this.#changes(action), reopen: () => this.#open() },
    );
    this.traffic = new LabTraffic({ epoll, namespaces: this.namespaces, cloud, integrity: this.integrity });
  }

  /**
   * Builds a lab, or takes over what an earlier process left of it: what is right stays in place and goes on filtering.
   * @throws LabInUseError, ForeignObjectError before anything is touched; KernelError when everything that it made is
   * removed again; OtherLabLeftError when a Region without a file would take the place of another lab: what clients
   * made is written nowhere else
   */
  static async up(defined: Cloud, options: LabOptions): Promise<Lab> {
    requireProxy(defined);
    const parts = assemble(defined, options);
    const lab = new Lab(parts);
    await lab.#build(parts.found, options);
    if (parts.found.isResumed) lab.integrity.suspectAll();
    await lab.#openOrEnd();
    return lab;
  }

  /** Removes whatever there is of a lab, by the kernel's own record; works without any file. */
  static async remove(name: string): Promise<void> {
    const lock = lockLab(checkLabName(name));
    const gone = dataplaneOf(name, claimedNames(name)).destroy();
    await gone.then(() => removeLabFiles(name)).finally(() => lock.release());
  }

  get cloud(): Cloud {
    return this.#state.cloud;
  }

  /** What packets meet may be the state before the change under way, or the one after it. */
  get isChanging(): boolean {
    return this.#isChanging;
  }

  /** What packets meet now is only tried: it says nothing about the lab. */
  get isRehearsing(): boolean {
    return this.#isRehearsing;
  }

  /** When it returns, the next packet meets the new rules. @throws SglabError; nothing has changed then */
  async mutate(mutation: Mutation, origin?: Origin): Promise<void> {
    await this.change((before) => applyMutation(before, mutation), origin);
  }

  /**
   * Changes the cloud to any other one of the same name: when it returns, the next packet meets the new rules, what is new is
   * reachable, and what is gone does not answer. Changes follow one another, none is lost.
   * @param mutate gives the new state, and throws where the change is not allowed: then nothing happens
   * @param origin of the change, for the lab's history; without it there is no entry
   * @throws KernelError, ForeignObjectError when a new name is somebody else's; state, journal and kernel are as they were
   */
  change(mutate: (cloud: Cloud) => Cloud, origin?: Origin): Promise<Cloud> {
    return this.#turns(() => this.#change(mutate, origin));
  }

  /**
   * Whatever `action` changes by the function that it is given is taken back when it is over. Changes by others wait until
   * then, so none is lost and none is taken back with it.
   */
  rehearse<T>(action: (change: (mutate: (cloud: Cloud) => Cloud) => Promise<Cloud>) => Promise<T>): Promise<T> {
    return this.#turns(async () => {
      const before = this.cloud;
      this.#isRehearsing = true;
      try {
        return await action((mutate) => this.#change(mutate));
      } finally {
        await this.#backTo(before).finally(() => {
          this.#isRehearsing = false;
        });
      }
    });
  }

  /** What a change would run, as a script; nothing changes. @throws SglabError where it is not allowed */
  dryRun(mutate: (cloud: Cloud) => Cloud): Promise<string> {
    return this.#changes(async () => {
      const touched = this.#planner.moveTo(mutate(this.cloud));
      try {
        return scriptOf(this.#dataplane.plan(this.#planner.states, touched));
      } finally {
        this.#planner.moveTo(this.cloud);
      }
    });
  }

  /** Lets whole seconds of silence pass for every connection. Changes before it are in force, later ones wait. */
  advance(seconds: number): Promise<AgingResult> {
    return this.#changes(() => this.integrity.allow(() => ageLab(this.#planner.states, this.namespaces, seconds)));
  }

  /** In the background: the first change on many cards is then as quick as any other. */
  prepareChanges(): Promise<void> {
    return this.#dataplane.prepareChanges();
  }

  /** Removes the lab: namespaces, processes inside them, files. Where that fails the rest is left to the next command. */
  down(): Promise<void> {
    return this.#end(async () => {
      await this.#dataplane.destroy(() => this.goesOn.tell());
      removeLabFiles(this.name);
    });
  }

  /** Lets go of the lab and leaves it filtering in the kernel, for another process to take over. */
  release(): Promise<void> {
    return this.#end(() => this.#dataplane.release());
  }

  async #end(letGo: () => Promise<void>): Promise<void> {
    try {
      this.traffic.close();
      await this.#changes(async () => {});
      await letGo();
    } finally {
      this.#lock.release();
    }
  }

  async #build({ before, earlier, isResumed }: Leftovers, { leftovers, ...options }: LabOptions): Promise<void> {
    // What was there before us is not ours to take away: it filters on, and the next `up` can try again.
    let isOurs = leftovers === 'rebuild' || before === null;
    try {
      if (leftovers === 'rebuild') await this.#dataplane.destroy();
      this.#journal(this.#state);
      this.#machineFiles.write(this.#planner.machineFiles);
      isOurs = !isResumed;
      await this.#dataplane.build(this.#planner.states, earlier, options);
      if (!isResumed && this.#state.change !== null) this.history.add(this.#state.change);
    } catch (error) {
      await (isOurs ? this.down() : this.release()).catch((worse) => Promise.reject(becauseOf(worse, error)));
      throw error;
    }
  }

  /** What was taken over may have changed, and what is repaired may be made anew. */
  async #open(): Promise<void> {
    const staged = this.traffic.stage(null, this.cloud, this.#planner.states);
    await staged.grow();
    staged.commit();
    this.namespaces.closeForgotten();
  }

  async #openOrEnd(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      await this.down();
      throw error;
    }
  }

  #change(mutate: (cloud: Cloud) => Cloud, origin?: Origin): Promise<Cloud> {
    return this.#changes(async () => {
      const next = forgetTerminated(mutate(this.cloud), new Date());
      const change = this.history.entryOf(origin, this.cloud, next);
      this.#isChanging = change !== null;
      try {
        return await this.#apply({ ...this.#state, cloud: next, change: change ?? this.#state.change }, change);
      } finally {
        this.#isChanging = false;
      }
    });
  }

  async #backTo(before: Cloud): Promise<void> {
    if (this.cloud !== before) await this.#change(() => before);
  }

  /** Plan, stage, journal, reach, commit; whatever fails, the ones before it are taken back. */
  async #apply(state: LabState, entry: ChangeEntry | null): Promise<Cloud> {
    const touched = this.#planner.moveTo(state.cloud);
    let staged: Staged | null = null;
    let isJournalled = false;
    let reached: Change;
    try {
      staged = this.#stage(state.cloud);
      this.#journal(state);
      isJournalled = true;
      reached = await this.#reach(touched, staged);
    } catch (error) {
      staged?.undo();
      this.#planner.moveTo(this.cloud);
      if (isJournalled) await this.#takeBack(touched, error);
      throw error;
    }
    this.#state = state;
    if (entry !== null) this.history.add(entry);
    staged.commit();
    if (!reached.isOnlyRulesets) {
      this.integrity.forgive(touched);
      this.namespaces.closeForgotten();
    }
    await this.#dataplane.prepareNew(reached);
    return state.cloud;
  }

  #stage(next: Cloud): Staged {
    this.changing.tell(this.cloud, next);
    return this.traffic.stage(this.cloud, next, this.#planner.states);
  }

  /** What goes goes last: until then all of it can be taken back. */
  async #reach(touched: ReadonlySet<string>, staged: Staged | null): Promise<Change> {
    const change = this.#dataplane.plan(this.#planner.states, touched);
    this.#machineFiles.write(this.#planner.machineFiles);
    await this.#dataplane.grow(change, { onProgress: () => this.goesOn.tell() });
    await staged?.grow();
    await this.#dataplane.shrink(change);
    return change;
  }

  /** To the state before, from wherever the change came to. @throws what stops it, with the change's own failure as its cause */
  async #takeBack(touched: ReadonlySet<string>, failure: unknown): Promise<void> {
    try {
      // A journal that cannot be restored keeps nothing from being taken back in the kernel.
      await settleAll([this.#reach(touched, null), restoreJournal(this.name)]);
    } catch (error) {
      throw becauseOf(error, failure);
    } finally {
      this.namespaces.closeForgotten();
    }
  }

  /** Before the kernel is touched, so that a later process can finish it or take it back. */
  #journal(state: LabState): void {
    writeJournal({ version: 3, ...state });
  }
}
