/** A lab as it was: the changes of its history taken back from the lab as it is. Pure. */
import type { Cloud } from '../../cloud/types.js';
import type { ChangeEntry, RecordChange } from './types.js';

type Entries = Readonly<Record<string, unknown>>;

/**
 * The cloud before the changes. What counts something, such as serial numbers, stays as it is, and the elements of lists that
 * came or went stand in another order.
 * @param changes all that were made since, in the order in which they came into force
 */
export function undoChanges(cloud: Cloud, changes: readonly Pick<ChangeEntry, 'changes'>[]): Cloud {
  return changes.reduceRight((after, { changes }) => changes.reduceRight(undoRecord, after), cloud);
}

function undoRecord(cloud: Cloud, { kind, id, before, after }: RecordChange): Cloud {
  const member = (cloud as unknown as Entries)[kind];
  // A member that is no record of things by id is one thing of its own.
  if (kind === id) return { ...cloud, [kind]: recordBefore(member, before, after) };
  const records = isObject(member) ? member : {};
  const { [id]: record, ...others } = records;
  if (before === null) return { ...cloud, [kind]: others };
  return { ...cloud, [kind]: { ...records, [id]: after === null ? before : recordBefore(record, before, after) } };
}

/** The two have only the members that differ, and of lists only the elements that do. */
function recordBefore(record: unknown, before: unknown, after: unknown): unknown {
  if (!isObject(record) || !isObject(before) || !isObject(after)) return before;
  const next: Record<string, unknown> = { ...record };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [is, was, came] = [record[key], before[key], after[key]];
    if (Array.isArray(is) && isListOrNone(was) && isListOrNone(came))
      next[key] = [...without(is, came ?? []), ...(was ?? [])];
    else if (was === undefined) delete next[key];
    else next[key] = was;
  }
  return next;
}

function isListOrNone(value: unknown): value is readonly unknown[] | undefined {
  return value === undefined || Array.isArray(value);
}

function without(elements: readonly unknown[], others: readonly unknown[]): unknown[] {
  const known = new Set(others.map((each) => JSON.stringify(each)));
  return elements.filter((each) => !known.has(JSON.stringify(each)));
}

function isObject(value: unknown): value is Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
