import type { Cloud } from '../../cloud/types.js';
import { differenceText } from './difference-text.js';
import type { RecordChange } from './types.js';

type Entries = Readonly<Record<string, unknown>>;

/** Members that count something and matter to nobody. */
const COUNTERS: ReadonlySet<string> = new Set(['serial']);

/** The records that differ between two states of a lab. @param before null: there was none */
export function cloudDifference(before: Cloud | null, after: Cloud): RecordChange[] {
  return Object.keys(after).flatMap((kind) => {
    if (COUNTERS.has(kind)) return [];
    const [one, other] = [memberOf(before, kind), memberOf(after, kind)];
    if (one === other) return [];
    const clouds = { before: before ?? after, after };
    // A member that is no record of things by id is one thing of its own.
    if (!isRecords(other)) return changeOf({ kind, id: kind, before: one ?? null, after: other }, clouds);
    const old: Entries = isRecords(one) ? one : {};
    const ids = [...new Set([...Object.keys(old), ...Object.keys(other)])];
    return ids.flatMap((id) => changeOf({ kind, id, before: old[id] ?? null, after: other[id] ?? null }, clouds));
  });
}

function memberOf(cloud: Cloud | null, kind: string): unknown {
  return cloud === null ? undefined : (cloud as unknown as Entries)[kind];
}

function isRecords(value: unknown): value is Entries {
  return isObject(value) && Object.values(value).every(isObject);
}

function isObject(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function changeOf(
  { kind, id, before: one, after: other }: Omit<RecordChange, 'words'>,
  clouds: { readonly before: Cloud; readonly after: Cloud },
): RecordChange[] {
  if (isSame(one, other)) return [];
  const { before, after } =
    isObject(one) && isObject(other) ? membersThatDiffer(one, other) : { before: one, after: other };
  if (isObject(before) && isObject(after) && Object.keys(before).length + Object.keys(after).length === 0) return [];
  const words = differenceText({ kind, id, before, after }, clouds.before, clouds.after);
  return [{ kind, id, before, after, words }];
}

function membersThatDiffer(one: Entries, other: Entries): { before: Entries; after: Entries } {
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const [was, is] = [one[key], other[key]];
    if (isSame(was, is)) continue;
    if (!Array.isArray(was) || !Array.isArray(is)) {
      if (was !== undefined) before[key] = was;
      if (is !== undefined) after[key] = is;
      continue;
    }
    const [gone, come] = [without(was, is), without(is, was)];
    if (gone.length > 0) before[key] = gone;
    if (come.length > 0) after[key] = come;
  }
  return { before, after };
}

function without(elements: readonly unknown[], others: readonly unknown[]): unknown[] {
  const known = new Set(others.map((each) => JSON.stringify(each)));
  return elements.filter((each) => !known.has(JSON.stringify(each)));
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
