type ById<T> = Readonly<Record<string, T>>;

/**
 * The entry of a record that must be there: ids inside a `Cloud` always point at something.
 * Ids that come from a user are looked up with an error in AWS's words instead.
 */
export function byId<T>(record: ById<T>, id: string): T {
  const found = findById(record, id);
  if (found === undefined) throw new Error(`the cloud refers to ${id}, which it does not contain`);
  return found;
}

/** Looks up a word from outside: `constructor` is no entry, although every object has one. */
export function findById<T>(record: ById<T>, id: string): T | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined;
}

/** A copy of the record with the value added or replaced under its own id. */
export function withEntry<T extends { readonly id: string }>(record: ById<T>, entry: T): ById<T> {
  return { ...record, [entry.id]: entry };
}

export function withoutEntry<T>(record: ById<T>, id: string): ById<T> {
  const { [id]: _removed, ...rest } = record;
  return rest;
}
