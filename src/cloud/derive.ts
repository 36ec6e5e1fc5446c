/**
 * Values that are worked out from a cloud and kept until something changes that was read for them. A cloud that is handed to
 * such work writes down what is read from it, so no list of inputs has to be kept by hand, and none can be forgotten.
 */
import type { Cloud } from './types.js';

interface Derived {
  readonly value: unknown;
  readonly reads: ReadonlySet<string>;
}

/** One piece of work in progress. */
interface Work {
  readonly derivations: Derivations;
  /** `securityGroups sg-1` for a record, `securityGroups` for a whole table. */
  readonly reads: Set<string>;
}

type Tables = Readonly<Record<string, unknown>>;

const inProgress = new WeakMap<Cloud, Work>();
const ofPlainClouds = new WeakMap<Cloud, Derivations>();

/**
 * What `work` makes of the cloud; made once for all who ask by the same key. The key names everything that the work is
 * given besides the cloud.
 */
export function derive<T>(cloud: Cloud, key: string, work: (cloud: Cloud) => T): T {
  const asking = inProgress.get(cloud);
  if (asking === undefined) {
    const derivations = ofPlainClouds.get(cloud) ?? new Derivations(cloud);
    ofPlainClouds.set(cloud, derivations);
    return derivations.get(key, work);
  }
  const value = asking.derivations.get(key, work);
  for (const read of asking.derivations.readsOf(key)) asking.reads.add(read);
  return value;
}

export class Derivations {
  #cloud: Cloud;
  readonly #kept = new Map<string, Derived>();
  /** By what was read: the keys of all that it was read for. */
  readonly #readers = new Map<string, Set<string>>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  get<T>(key: string, work: (cloud: Cloud) => T): T {
    const kept = this.#kept.get(key);
    // One key stands for one piece of work, so what is kept is what that work makes.
    return kept === undefined ? this.#make(key, work) : (kept.value as T);
  }

  readsOf(key: string): ReadonlySet<string> {
    return this.#kept.get(key)?.reads ?? new Set();
  }

  forget(key: string): void {
    for (const read of this.readsOf(key)) this.#readers.get(read)?.delete(key);
    this.#kept.delete(key);
  }

  /** Costs what differs, not what there is. @returns the keys of the values that were dropped, because what they are made of changed */
  moveTo(cloud: Cloud): Set<string> {
    const stale = new Set(changesBetween(this.#cloud, cloud).flatMap((read) => [...(this.#readers.get(read) ?? [])]));
    for (const key of stale) this.forget(key);
    this.#cloud = cloud;
    return stale;
  }

  #make<T>(key: string, work: (cloud: Cloud) => T): T {
    const reads = new Set<string>();
    const { cloud, close } = observed(this.#cloud, reads);
    inProgress.set(cloud, { derivations: this, reads });
    const value = work(cloud);
    close();
    this.#kept.set(key, { value, reads });
    for (const read of reads) {
      const readers = this.#readers.get(read) ?? new Set();
      this.#readers.set(read, readers.add(key));
    }
    return value;
  }
}

/** The cloud, writing down what is read. After `close` it cannot be read any more: nobody would know of it. */
function observed(cloud: Cloud, reads: Set<string>): { readonly cloud: Cloud; readonly close: () => void } {
  const tables = new Map<string, unknown>();
  let isOpen = true;
  const note = (read: string) => {
    if (!isOpen) throw new Error(`${read} of the cloud is read after the work that it was lent to`);
    reads.add(read);
  };
  const observedTable = (name: string, table: object) =>
    new Proxy(table, {
      get: (target, id, receiver) => {
        note(`${name} ${String(id)}`);
        return Reflect.get(target, id, receiver);
      },
      has: (target, id) => {
        note(`${name} ${String(id)}`);
        return Reflect.has(target, id);
      },
      ownKeys: (target) => {
        note(name);
        return Reflect.ownKeys(target);
      },
      getOwnPropertyDescriptor: (target, id) => {
        note(`${name} ${String(id)}`);
        return Reflect.getOwnPropertyDescriptor(target, id);
      },
    });
  const tableOf = (name: string, value: object) => {
    const table = tables.get(name) ?? observedTable(name, value);
    tables.set(name, table);
    return table;
  };
  const proxy = new Proxy(cloud, {
    get: (target, name, receiver) => {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value === 'object' && value !== null) return tableOf(String(name), value);
      note(String(name));
      return value;
    },
  });
  return {
    cloud: proxy,
    close: () => {
      isOpen = false;
    },
  };
}

/** What reads would notice: tables that differ, and their records that differ. */
function changesBetween(before: Cloud, after: Cloud): string[] {
  const [old, next] = [before as unknown as Tables, after as unknown as Tables];
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  return names.filter((name) => old[name] !== next[name]).flatMap((name) => changesOf(name, old[name], next[name]));
}

function changesOf(name: string, before: unknown, after: unknown): string[] {
  const [old, next] = [tableIn(before), tableIn(after)];
  const ids = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  return [name, ...ids.filter((id) => old[id] !== next[id]).map((id) => `${name} ${id}`)];
}

function tableIn(value: unknown): Tables {
  return typeof value === 'object' && value !== null ? (value as Tables) : {};
}
