import { type Paint, PLAIN, type Style, unpainted } from './style.js';
import { displayWidth, elide, padEnd, padStart, wrap } from './width.js';

/** A text, or a text with its colour. The colour is added after the cell has been padded to its width. */
export type Cell = string | { readonly text: string; readonly paint: Paint };

export interface Column {
  /** The heading; no heading line is printed if all are empty. */
  readonly head?: string;
  readonly align?: 'left' | 'right';
  /** The least width to which a narrow terminal may shorten the column; if absent, it is never shortened. */
  readonly shrinkTo?: number;
  /** The width that it has at least: for tables that are written row by row. */
  readonly atLeast?: number;
}

export interface TableOptions {
  readonly style?: Style;
  /** Columns of the terminal; unlimited if absent. */
  readonly width?: number;
  readonly indent?: number;
}

const GAP = '  ';

/**
 * Aligned columns. A cell is shortened only when the terminal is too narrow and its column allows it.
 * @returns one line per row, without a newline at the end
 */
export function table(
  rows: readonly (readonly Cell[])[],
  columns: readonly Column[],
  options: TableOptions = {},
): string {
  const { style = PLAIN, width = Number.POSITIVE_INFINITY, indent = 0 } = options;
  const heads = columns.map((column) => column.head ?? '');
  const all = heads.some((head) => head !== '')
    ? [heads.map((text) => ({ text, paint: style.dim })), ...rows]
    : [...rows];
  const widths = shrink(naturalWidths(all, columns), columns, width - indent);
  return all.map((row) => ' '.repeat(indent) + renderRow(row, columns, widths)).join('\n');
}

/** A row with a sentence that belongs to it. */
export interface NotedRow {
  readonly cells: readonly Cell[];
  readonly note: Cell;
}

/**
 * Aligned columns, of which the last has the sentences. Where a terminal is too narrow for that, each sentence stands below
 * its row, broken at words: a sentence that is cut says nothing.
 */
export function notedTable(
  rows: readonly NotedRow[],
  columns: readonly Column[],
  noteHead: string,
  options: TableOptions = {},
): string {
  const { style = PLAIN, width = Number.POSITIVE_INFINITY, indent = 0 } = options;
  const whole = rows.map(({ cells, note }) => [...cells, note]);
  const wide = table(whole, [...columns, { head: noteHead }], { style: PLAIN, indent });
  if (wide.split('\n').every((line) => displayWidth(line) <= width)) {
    return table(whole, [...columns, { head: noteHead }], { style, indent });
  }
  const lines = table(
    rows.map(({ cells }) => cells),
    columns,
    options,
  ).split('\n');
  const heads = lines.splice(0, lines.length - rows.length);
  const notes = rows.map(({ note }) => {
    const paint = typeof note === 'string' ? style.dim : note.paint;
    return wrap(textOf(note), width - indent - NOTE_INDENT).map(
      (line) => ' '.repeat(indent + NOTE_INDENT) + paint(line),
    );
  });
  return [...heads, ...lines.flatMap((line, at) => [line, ...(notes[at] ?? [])])].join('\n');
}

const NOTE_INDENT = 4;

function naturalWidths(rows: readonly (readonly Cell[])[], columns: readonly Column[]): number[] {
  return columns.map(({ atLeast = 0 }, at) => Math.max(atLeast, ...rows.map((row) => displayWidth(textOf(row[at])))));
}

/** Takes the excess from the widest shrinkable column, as often as needed. */
function shrink(widths: readonly number[], columns: readonly Column[], available: number): number[] {
  const result = [...widths];
  let excess = result.reduce((sum, each) => sum + each, 0) + GAP.length * (columns.length - 1) - available;
  while (excess > 0 && Number.isFinite(excess)) {
    const at = widestShrinkable(result, columns);
    if (at < 0) break;
    result[at] = (result[at] ?? 0) - 1;
    excess -= 1;
  }
  return result;
}

function widestShrinkable(widths: readonly number[], columns: readonly Column[]): number {
  let widest = -1;
  columns.forEach(({ shrinkTo }, at) => {
    const width = widths[at] ?? 0;
    if (shrinkTo !== undefined && width > shrinkTo && width > (widths[widest] ?? -1)) widest = at;
  });
  return widest;
}

function renderRow(row: readonly Cell[], columns: readonly Column[], widths: readonly number[]): string {
  // Nothing is padded after the last cell that has text, so that no line ends in blanks.
  const last = row.findLastIndex((cell) => textOf(cell) !== '');
  return row
    .slice(0, last + 1)
    .map((cell, at) => renderCell(cell, columns[at] ?? {}, widths[at] ?? 0, at === last))
    .join(GAP);
}

function renderCell(cell: Cell, column: Column, width: number, isLast: boolean): string {
  const text = elide(textOf(cell), width);
  const paint = typeof cell === 'string' ? unpainted : cell.paint;
  const padded = column.align === 'right' ? padStart(text, width) : isLast ? text : padEnd(text, width);
  return padded.replace(text, () => paint(text));
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  return typeof cell === 'string' ? cell : cell.text;
}
