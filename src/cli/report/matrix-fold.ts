/** `web-1 … web-20` as one row: machines of a name that reach, and are reached by, the same ones. */
import type { Matrix } from '../../verdict/types.js';

/** Machines that are shown as one; the first two stand for all. */
export interface Fold {
  readonly label: string;
  readonly first: string;
  /** Null for a machine on its own. */
  readonly second: string | null;
}

/** What a matrix shows in a cell. */
type CellText = (from: string, to: string) => string;

/** Machines whose names follow each other are shown as one if nothing that the matrix shows tells them apart. */
export function foldsOf({ names }: Pick<Matrix, 'names'>, cellText: CellText): Fold[] {
  const folds: string[][] = [];
  for (const name of names) {
    const group = folds.at(-1) ?? [];
    if (belongsTo(group, name, names, cellText)) group.push(name);
    else folds.push([name]);
  }
  return folds.map(([first = '', second = null, ...more]) => {
    const last = more.at(-1) ?? second;
    const label = last === null ? first : `${first}${more.length === 0 ? ', ' : ' … '}${last}`;
    return { first, second, label };
  });
}

/** web-3 after web-2. */
function isSuccessor(name: string, next: string): boolean {
  const [, stem, number] = /^(.*?)(\d+)$/.exec(name) ?? [];
  return stem !== undefined && next === `${stem}${Number(number) + 1}`;
}

/** Being like the first of a group is being like all of it, if those reach each other as they reach the first. */
function belongsTo(group: readonly string[], name: string, names: readonly string[], cellText: CellText): boolean {
  const [first, second = name] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined || !isSuccessor(last, name)) return false;
  const among = cellText(first, second);
  if (cellText(first, name) !== among || cellText(name, first) !== among) return false;
  return names.every(
    (each) =>
      each === first ||
      each === name ||
      (cellText(first, each) === cellText(name, each) && cellText(each, first) === cellText(each, name)),
  );
}
