import { OUTCOME_SYMBOL } from '../../verdict/phrases.js';
import { type Matrix, OUTCOMES, type Outcome, type ProbeResult } from '../../verdict/types.js';
import { formatMs, outcomePaint, type ReportOptions } from './labels.js';
import type { ChangedCell } from './matrix-changes.js';
import { type Fold, foldsOf } from './matrix-fold.js';
import { COLOURED, PLAIN, type Style } from './style.js';
import { type Cell, table } from './table.js';
import { displayWidth, padEnd, padStart } from './width.js';

const GAP = '  ';
const NARROWEST = 40;

/** More changes than these are counted, not listed. */
const LISTED_CHANGES = 12;

/** @param changed whether it differs from the earlier matrix */
type Lookup = (
  from: string,
  to: string,
  question: string,
) => { readonly result: ProbeResult; readonly changed: boolean } | undefined;

interface MatrixOptions extends ReportOptions {
  /** Cells to mark and to list; null if there is nothing to compare with. */
  readonly changes?: readonly ChangedCell[] | null;
}

/**
 * Shows which machine reaches which: a row per source, a numbered column per destination, and in each cell one symbol
 * per question, so that 20 instances and three ports fit on 100 columns. Machines of one name that are alike are one row,
 * and a terminal too narrow for all columns gets several blocks of them.
 *
 *     from \ to    1    2    3
 *     1 office         ●●   ··
 *     2 web-1     ··        ·●
 *     3 db-1      ··   ··
 */
export function formatMatrix(matrix: Matrix, options: MatrixOptions = {}): string {
  const { style = PLAIN, width = 120, changes = null } = options;
  const lookup = index(matrix, changes ?? []);
  const folds = foldsOf(matrix, (from, to) => formatCell(matrix, from, to, { lookup, style: COLOURED }));
  const labels = folds.map(({ label }, at) => `${padStart(String(at + 1), digits(folds))} ${label}`);
  const labelWidth = Math.max(0, ...labels.map(displayWidth));
  const cell = Math.max(matrix.questions.length, digits(folds));
  const perBlock = columnsPerBlock(matrix, cell, Math.max(width, NARROWEST) - labelWidth);
  const blocks: string[] = [];
  for (let first = 0; first < folds.length; first += perBlock) {
    const columns = { first, end: Math.min(first + perBlock, folds.length) };
    blocks.push(formatBlock(matrix, { folds, cell, labels, labelWidth, columns, lookup, style }));
  }
  const listed = changes === null ? [] : [listChanges(changes, style)];
  return `${[...blocks, counts(matrix, style), ...listed].join('\n\n')}\n`;
}

function index({ cells }: Matrix, changes: readonly ChangedCell[]): Lookup {
  const key = (...words: string[]) => words.join('\n');
  const changed = new Set(changes.map(({ from, to, question }) => key(from, to, question)));
  const byKey = new Map(
    cells.map(({ from, to, question, result }) => {
      const name = key(from, to, question);
      return [name, { result, changed: changed.has(name) }];
    }),
  );
  return (from, to, question) => byKey.get(key(from, to, question));
}

function digits(folds: readonly Fold[]): number {
  return String(folds.length).length;
}

function columnsPerBlock(matrix: Matrix, cell: number, available: number): number {
  const each = cell + gapOf(matrix).length;
  return Math.max(1, Number.isFinite(available) ? Math.floor(available / each) : matrix.names.length);
}

/** One blank is enough between groups of several symbols; single symbols below numbers of several digits need more. */
function gapOf({ questions }: Matrix): string {
  return questions.length > 1 ? ' ' : GAP;
}

interface Block {
  readonly folds: readonly Fold[];
  /** Columns of a cell. */
  readonly cell: number;
  readonly labels: readonly string[];
  readonly labelWidth: number;
  readonly columns: { readonly first: number; readonly end: number };
  readonly lookup: Lookup;
  readonly style: Style;
}

function formatBlock(matrix: Matrix, block: Block): string {
  const { folds, cell, labels, labelWidth, columns, style } = block;
  const gap = gapOf(matrix);
  const targets = folds.slice(columns.first, columns.end);
  const heads = targets.map((_, at) => gap + centre(String(columns.first + at + 1), cell));
  const pad = ' '.repeat(cell - matrix.questions.length);
  const lines = folds.map((from, at) => {
    // Of machines that are shown as one, the diagonal says how they reach each other.
    const cells = targets.map(
      (to) => gap + pad + formatCell(matrix, from.first, from === to ? (to.second ?? to.first) : to.first, block),
    );
    return padEnd(labels[at] ?? '', labelWidth) + cells.join('');
  });
  return [style.dim(padEnd('', labelWidth) + heads.join('')), ...lines].map((line) => line.trimEnd()).join('\n');
}

/** A cell is blank on the diagonal and wherever nothing was probed. */
function formatCell(
  matrix: Matrix,
  from: string,
  to: string,
  { lookup, style }: Pick<Block, 'lookup' | 'style'>,
): string {
  const symbols = matrix.questions.map((question) => {
    const found = lookup(from, to, question);
    if (found === undefined) return ' ';
    const symbol = paintSymbol(found.result.outcome, style);
    return found.changed ? style.inverse(style.bold(symbol)) : symbol;
  });
  return symbols.join('');
}

/** A dropped packet is the usual case in a matrix, so its symbol stays in the background. */
function paintSymbol(outcome: Outcome, style: Style): string {
  const paint = outcome === 'timed-out' ? style.dim : outcomePaint(outcome, style);
  return paint(OUTCOME_SYMBOL[outcome]);
}

function centre(text: string, width: number): string {
  return padEnd(padStart(text, Math.ceil((width + text.length) / 2)), width);
}

/** The legend doubles as the result: it counts how often each outcome occurred, per question. */
function counts(matrix: Matrix, style: Style): string {
  const rows = matrix.questions.map((question): Cell[] => {
    const outcomes = matrix.cells.filter((cell) => cell.question === question).map((cell) => cell.result.outcome);
    return [question, ...OUTCOMES.map((outcome) => countCell(outcomes, outcome, style))];
  });
  const used = [0, ...OUTCOMES.map((_, at) => at + 1)].filter((at) => rows.some((row) => row[at] !== ''));
  const kept = rows.map((row) => used.map((at) => row[at] ?? ''));
  const lines = table(
    kept,
    used.map(() => ({})),
    { style },
  );
  const order = matrix.questions.length > 1 ? `, in each cell ${matrix.questions.join(' ')}` : '';
  return `${style.dim(`from row to column${order}`)}\n${lines}\n\n${style.bold(`${matrix.cells.length} probes`)}   ${style.dim(`in ${formatMs(matrix.ms)}`)}`;
}

function countCell(outcomes: readonly Outcome[], outcome: Outcome, style: Style): Cell {
  const count = outcomes.filter((each) => each === outcome).length;
  return count === 0
    ? ''
    : { text: `${OUTCOME_SYMBOL[outcome]} ${count} ${outcome}`, paint: outcomePaint(outcome, style) };
}

/** The changes are also written out, for output without colours. */
function listChanges(changes: readonly ChangedCell[], style: Style): string {
  if (changes.length === 0) return style.dim('nothing changed since the last matrix');
  const side = (outcome: Outcome) => ({
    text: `${OUTCOME_SYMBOL[outcome]} ${outcome}`,
    paint: outcomePaint(outcome, style),
  });
  const rows = changes
    .slice(0, LISTED_CHANGES)
    .map(({ from, to, question, before, after }) => [
      `  ${from} -> ${to} ${question}`,
      side(before),
      '->',
      side(after),
    ]);
  const more = changes.length - rows.length;
  return [
    style.bold(`${changes.length} changed since the last matrix`),
    table(
      rows,
      [0, 1, 2, 3].map(() => ({})),
      { style },
    ),
    ...(more > 0 ? [style.dim(`  and ${more} more`)] : []),
  ].join('\n');
}
