/**
 * The rows of a form beside a lab that others change, too. Neither side is lost: what others do comes into the form wherever
 * it was not touched, and where both changed the same, the form keeps its own and says so.
 */

/** What the lab has: an item with its id. The members of its value are what is merged. */
export interface Item<V> {
  readonly id: string;
  readonly value: V;
}

/** How somebody else changed the item while the form was open; `conflict`: in what the form changed, too. */
export type Meanwhile = 'added' | 'changed' | 'conflict' | 'gone';

export interface Row<V> {
  /** Stays as long as the row does. */
  readonly key: string;
  /** The item in the lab; null: it is only here. */
  readonly item: Item<V> | null;
  readonly value: V;
  /** It is kept, unseen, until it is saved: somebody may change what one wants gone. */
  readonly isDeleted: boolean;
  readonly meanwhile: Meanwhile | null;
}

export interface Rows<V> {
  readonly rows: readonly Row<V>[];
  /** The number of untouched rows that are gone because somebody took their items away. */
  readonly gone: number;
  /** Of the next new row. */
  readonly serial: number;
}

export function rowsOf<V>(items: readonly Item<V>[]): Rows<V> {
  return { rows: items.map((item) => rowOf(item, null)), gone: 0, serial: 1 };
}

function rowOf<V>(item: Item<V>, meanwhile: Meanwhile | null): Row<V> {
  return { key: item.id, item, value: item.value, isDeleted: false, meanwhile };
}

export function withNewRow<V>(form: Rows<V>, value: V): Rows<V> {
  const row: Row<V> = { key: `new-${form.serial}`, item: null, value, isDeleted: false, meanwhile: null };
  return { ...form, rows: [...form.rows, row], serial: form.serial + 1 };
}

export function withValue<V>(form: Rows<V>, key: string, value: V): Rows<V> {
  return { ...form, rows: form.rows.map((row) => (row.key === key ? { ...row, value } : row)) };
}

export function withoutRow<V>(form: Rows<V>, key: string): Rows<V> {
  const rows = form.rows.flatMap((row) => {
    if (row.key !== key) return [row];
    return row.item === null ? [] : [{ ...row, isDeleted: true }];
  });
  return { ...form, rows };
}

/** The row as the lab has it. */
export function withLabValue<V>(form: Rows<V>, key: string): Rows<V> {
  return {
    ...form,
    rows: form.rows.map((row) => (row.key === key && row.item !== null ? rowOf(row.item, null) : row)),
  };
}

export function shownRows<V>({ rows }: Rows<V>): readonly Row<V>[] {
  return rows.filter(({ isDeleted }) => !isDeleted);
}

export function isTouched<V>({ rows }: Rows<V>): boolean {
  return rows.some((row) => row.item === null || row.isDeleted || !isSame(row.value, row.item.value));
}

/** The form after somebody changed the items. */
export function rebased<V extends object>(form: Rows<V>, items: readonly Item<V>[]): Rows<V> {
  const left = new Map(items.map((item) => [item.id, item]));
  let gone = form.gone;
  const kept = form.rows.flatMap((row): Row<V>[] => {
    const next = row.item === null ? adopted(row, form, left) : metAgain(row, row.item, left.get(row.item.id));
    if (next === null && !row.isDeleted) gone++;
    if (next !== null && next.item !== null) left.delete(next.item.id);
    return next === null ? [] : [next];
  });
  return { ...form, gone, rows: [...kept, ...[...left.values()].map((item) => rowOf(item, 'added'))] };
}

/** A new row becomes the item that somebody made of the same value. */
function adopted<V>(row: Row<V>, { rows }: Rows<V>, left: ReadonlyMap<string, Item<V>>): Row<V> {
  const known = new Set(rows.flatMap(({ item }) => item?.id ?? []));
  const twin = [...left.values()].find(({ id, value }) => !known.has(id) && isSame(value, row.value));
  return twin === undefined ? row : { ...row, item: twin };
}

function metAgain<V extends object>(row: Row<V>, before: Item<V>, now: Item<V> | undefined): Row<V> | null {
  if (now === undefined) {
    const isUntouched = row.isDeleted || isSame(row.value, before.value);
    return isUntouched ? null : { ...row, item: null, meanwhile: 'gone' };
  }
  if (isSame(before.value, now.value) || isSame(row.value, now.value)) return { ...row, item: now };
  if (row.isDeleted) return { ...row, item: now, value: now.value, isDeleted: false, meanwhile: 'conflict' };
  const { value, isConflict } = merged(row.value, before.value, now.value);
  return { ...row, item: now, value, meanwhile: isConflict ? 'conflict' : 'changed' };
}

/** Member by member: what the form did not touch is as the others made it. */
function merged<V extends object>(own: V, before: V, now: V): { value: V; isConflict: boolean } {
  let isConflict = false;
  const names = new Set([...Object.keys(own), ...Object.keys(now)] as (keyof V)[]);
  const members = [...names].map((name) => {
    if (isSame(own[name], before[name])) return [name, now[name]];
    if (!isSame(now[name], before[name]) && !isSame(now[name], own[name])) isConflict = true;
    return [name, own[name]];
  });
  return { value: Object.fromEntries(members) as V, isConflict };
}

/** Values are plain data whose members are always in the same order. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
