/** The records of a cloud: how one is changed, how one is searched, and how many changes in a row stay cheap. */
import type { Cloud } from './types.js';

export type RecordOf<T> = Readonly<Record<string, T>>;

/** The record with the value under the key: a copy, except inside a `Draft` that has copied it before. */
export function withValue<T>(record: RecordOf<T>, key: string, value: T): RecordOf<T> {
  if (writer?.owns(record) === true) {
    writer.write(record, key, value);
    return record;
  }
  const copy = { ...record, [key]: value };
  writer?.adopt(copy);
  return copy;
}

/** A way to search the entries of a record. Its state is made once for a record, and follows what a draft adds to it. */
export interface Index<T, S> {
  readonly create: () => S;
  readonly add: (state: S, entry: T) => void;
  readonly remove: (state: S, entry: T) => void;
}

interface KeptState {
  readonly index: Index<never, never>;
  readonly state: never;
}

/** Records are immutable or a draft's, which keeps these up to date: what is here is never stale. */
const states = new WeakMap<object, KeptState[]>();

export function searched<T, S>(record: RecordOf<T>, index: Index<T, S>): S {
  const kept = states.get(record) ?? [];
  const known = kept.find((each) => (each.index as unknown) === index);
  if (known !== undefined) return known.state;
  const state = index.create();
  for (const entry of Object.values(record)) index.add(state, entry);
  states.set(record, [...kept, { index, state } as unknown as KeptState]);
  return state;
}

/** Finds entries by any of their keys, in the order of the record. */
export function groupedBy<T extends object>(keysOf: (entry: T) => readonly string[]): Index<T, Map<string, Set<T>>> {
  return {
    create: () => new Map(),
    add: (state, entry) => {
      for (const key of keysOf(entry)) {
        const group = state.get(key);
        if (group === undefined) state.set(key, new Set([entry]));
        else group.add(entry);
      }
    },
    remove: (state, entry) => {
      for (const key of keysOf(entry)) state.get(key)?.delete(entry);
    },
  };
}

/** The draft whose mutation is running. Mutations are synchronous, so there is one at most. */
let writer: Draft | null = null;

interface Overwritten {
  readonly record: Record<string, unknown>;
  readonly key: string;
  /** undefined: the key is new. */
  readonly before: unknown;
}

/**
 * A cloud that one owner changes many times. Since a mutation returns a new cloud, each one copies the records that it
 * changes, and n of them cost n² entries; a draft copies each record once and then writes in place. A mutation that fails is
 * undone. Clouds that `cloud` gave before a mutation must not be used after it.
 */
export class Draft {
  #cloud: Cloud;
  readonly #owned = new WeakSet<object>();
  #undo: Overwritten[] = [];

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  get cloud(): Cloud {
    return this.#cloud;
  }

  apply<R extends Cloud | { readonly cloud: Cloud }>(mutate: (cloud: Cloud) => R): R {
    const result = this.#run(mutate);
    this.#undo = [];
    this.#cloud = 'cloud' in result ? result.cloud : result;
    return result;
  }

  /** What the mutation returns or throws; the cloud stays as it is. */
  rehearse<R>(mutate: (cloud: Cloud) => R): R {
    const result = this.#run(mutate);
    this.#takeBack();
    return result;
  }

  owns(record: object): boolean {
    return this.#owned.has(record);
  }

  adopt(record: object): void {
    this.#owned.add(record);
  }

  write(record: RecordOf<unknown>, key: string, value: unknown): void {
    const target: Record<string, unknown> = record;
    this.#undo.push({ record: target, key, before: Object.hasOwn(target, key) ? target[key] : undefined });
    this.#put(target, key, value);
  }

  #run<R>(mutate: (cloud: Cloud) => R): R {
    const outer = writer;
    writer = this;
    try {
      return mutate(this.#cloud);
    } catch (error) {
      this.#takeBack();
      throw error;
    } finally {
      writer = outer;
    }
  }

  #takeBack(): void {
    for (const { record, key, before } of this.#undo.reverse()) this.#put(record, key, before);
    this.#undo = [];
  }

  #put(record: Record<string, unknown>, key: string, value: unknown): void {
    const kept = (states.get(record) ?? []) as unknown as { index: Index<unknown, unknown>; state: unknown }[];
    for (const { index, state } of kept) {
      if (record[key] !== undefined) index.remove(state, record[key]);
      if (value !== undefined) index.add(state, value);
    }
    if (value === undefined) delete record[key];
    else record[key] = value;
  }
}
