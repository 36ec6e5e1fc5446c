/** Machines that reach the same, and are reached by the same, can share a row and a column. Pure. */

/** What a cell shows, as text: two cells that show the same are alike. */
export type Shown = (from: string, to: string) => string;

/** Names in groups of those that are alike, in the order of the first of each. */
export function foldAlike(names: readonly string[], shown: Shown): string[][] {
  const groups: string[][] = [];
  for (const name of names) {
    const group = groups.find(([first = '']) => areAlike(first, name, { names, shown }));
    if (group === undefined) groups.push([name]);
    else group.push(name);
  }
  return groups;
}

interface Matrix {
  readonly names: readonly string[];
  readonly shown: Shown;
}

/** Exchanging the two leaves the matrix as it is. */
function areAlike(one: string, other: string, { names, shown }: Matrix): boolean {
  if (shown(one, other) !== shown(other, one)) return false;
  return names.every((name) => {
    if (name === one || name === other) return true;
    return shown(one, name) === shown(other, name) && shown(name, one) === shown(name, other);
  });
}
