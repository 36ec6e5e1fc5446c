/** A series of function entries, counted by the files that define the functions. */

export interface Trace {
  /** Files in the order in which control entered them: successive entries in the same file are one visit. */
  readonly visits: readonly string[];
  /** Number of visits of each file, in the order of the first ones. */
  readonly files: ReadonlyMap<string, number>;
  /** Number of visits to a file that had been visited before. */
  readonly returns: number;
}

/** @param entries the file of every function that was entered */
export function traceOf(entries: readonly string[]): Trace {
  const visits = entries.filter((file, at) => file !== entries[at - 1]);
  const files = new Map<string, number>();
  for (const file of visits) files.set(file, (files.get(file) ?? 0) + 1);
  return { visits, files, returns: visits.length - files.size };
}
