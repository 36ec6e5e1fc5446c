/** One lab: its intended state, its journal, its lock, and the kernel objects that follow them. */
import type { Cloud } from '../cloud/types.js';
import type { FileLock } from '../kernel/file-lock.js';
import type { Netns } from '../kernel/netns.js';
import { Dataplane } from './dataplane.js';
import { type JournalEntry, readJournal, writeJournal } from './journal.js';
import { writeHostsFile } from './machine.js';
import { checkLabName } from './names.js';
import { planLab } from './plan-lab.js';
import { lockLab, removeLabDirectory } from './run-directory.js';

export interface LabOptions {
  /** The scenario file, absolute; for the journal. */
  readonly file: string | null;
  /** Ends a build that is under way; what it made so far goes with `down`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export class Lab {
  readonly name: string;
  readonly #file: string | null;
  readonly #lock: FileLock;
  readonly #dataplane: Dataplane;
  #cloud: Cloud;
  #changes: Promise<unknown> = Promise.resolve();

  private constructor(cloud: Cloud, file: string | null, lock: FileLock, dataplane: Dataplane) {
    this.name = cloud.name;
    this.#cloud = cloud;
    this.#file = file;
    this.#lock = lock;
    this.#dataplane = dataplane;
  }

  /**
   * Builds a lab, or takes over what an earlier process left of it: what is right stays in place and goes on filtering.
   * @throws LabInUseError, ForeignObjectError before anything is touched; KernelError after everything was removed again
   */
  static async up(cloud: Cloud, options: LabOptions): Promise<Lab> {
    const lock = lockLab(checkLabName(cloud.name));
    const plan = planLab(cloud);
    const before = readJournal(cloud.name);
    const dataplane = new Dataplane(cloud.name, namespacesOf(before));
    try {
      dataplane.refuseForeign(plan);
    } catch (error) {
      if (before === null) removeLabDirectory(cloud.name);
      lock.release();
      throw error;
    }
    const lab = new Lab(cloud, options.file, lock, dataplane);
    try {
      lab.#write(cloud);
      await dataplane.converge(plan, options);
      return lab;
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  /** Removes whatever there is of a lab, by the kernel's own record; works without any file. */
  static async remove(name: string): Promise<void> {
    const lock = lockLab(checkLabName(name));
    await new Dataplane(name, namespacesOf(readJournal(name))).destroy();
    removeLabDirectory(name);
    lock.release();
  }

  get cloud(): Cloud {
    return this.#cloud;
  }

  netns(name: string): Netns {
    return this.#dataplane.netns(name);
  }

  /**
   * Changes the cloud: when it returns, the next packet meets the new rules. Changes follow one another, none is lost.
   * @param mutate gives the new state, and throws where the change is not allowed: then nothing happens
   * @throws KernelError when the kernel refused; state, journal and rules are then what they were
   */
  change(mutate: (cloud: Cloud) => Cloud): Promise<Cloud> {
    const done = this.#changes.then(() => this.#apply(mutate(this.#cloud)));
    this.#changes = done.catch(() => {});
    return done;
  }

  async #apply(next: Cloud): Promise<Cloud> {
    const before = this.#cloud;
    this.#write(next);
    try {
      await this.#dataplane.updateRulesets(planLab(next));
    } catch (error) {
      this.#write(before);
      await this.#dataplane.updateRulesets(planLab(before));
      throw error;
    }
    this.#cloud = next;
    return next;
  }

  /** Removes the lab: namespaces, processes inside them, files. */
  async down(): Promise<void> {
    await this.#changes;
    await this.#dataplane.destroy();
    removeLabDirectory(this.name);
    this.#lock.release();
  }

  /** Lets go of the lab and leaves it in the kernel for another process to take over. */
  async release(): Promise<void> {
    await this.#changes;
    await this.#dataplane.release();
    this.#lock.release();
  }

  #write(cloud: Cloud): void {
    const entry: JournalEntry = { version: 1, file: this.#file, cloud };
    writeJournal(entry);
    writeHostsFile(cloud);
  }
}

function namespacesOf(entry: JournalEntry | null): ReadonlySet<string> {
  return new Set(entry === null ? [] : planLab(entry.cloud).namespaces.keys());
}
