import { type Matrix, OUTCOMES, type Outcome, type ProbeResult } from '../observe/types.js';
import { PLAIN, type Style } from './style.js';
import { type Cell, table } from './table.js';
import { displayWidth, padEnd, padStart } from './width.js';
import { formatMs, OUTCOME_SYMBOL, outcomePaint, type ReportOptions } from './words.js';

const GAP = '  ';
const NARROWEST = 40;

type Lookup = (from: string, to: string, question: string) => ProbeResult | undefined;

/**
 * Who reaches whom: a row per source, a numbered column per destination, and in each cell one symbol per question, so
 * that 20 instances and three ports fit on 100 columns. A terminal too narrow for it gets several blocks of columns.
 *
 *     from \ to    1    2    3
 *     1 office         ●●   ··
 *     2 web-1     ··        ·●
 *     3 db-1      ··   ··
 */
export function formatMatrix(matrix: Matrix, options: ReportOptions = {}): string {
  const { style = PLAIN, width = 120 } = options;
  const lookup = index(matrix);
  const labels = matrix.names.map((name, at) => `${padStart(String(at + 1), digits(matrix))} ${name}`);
  const labelWidth = Math.max(0, ...labels.map(displayWidth));
  const perBlock = columnsPerBlock(matrix, Math.max(width, NARROWEST) - labelWidth);
  const blocks: string[] = [];
  for (let first = 0; first < matrix.names.length; first += perBlock) {
    const columns = { first, end: Math.min(first + perBlock, matrix.names.length) };
    blocks.push(formatBlock(matrix, { labels, labelWidth, columns, lookup, style }));
  }
  return `${[...blocks, counts(matrix, style)].join('\n\n')}\n`;
}

function index({ cells }: Matrix): Lookup {
  const key = (...words: string[]) => words.join('\n');
  const byKey = new Map(cells.map(({ from, to, question, result }) => [key(from, to, question), result]));
  return (from, to, question) => byKey.get(key(from, to, question));
}

function digits({ names }: Matrix): number {
  return String(names.length).length;
}

function cellWidth(matrix: Matrix): number {
  return Math.max(matrix.questions.length, digits(matrix));
}

function columnsPerBlock(matrix: Matrix, available: number): number {
  const each = cellWidth(matrix) + gapOf(matrix).length;
  return Math.max(1, Number.isFinite(available) ? Math.floor(available / each) : matrix.names.length);
}

/** One blank is enough between symbols; numbers of several digits over single symbols look better with it, too. */
function gapOf({ questions }: Matrix): string {
  return questions.length > 1 ? ' ' : GAP;
}

interface Block {
  readonly labels: readonly string[];
  readonly labelWidth: number;
  readonly columns: { readonly first: number; readonly end: number };
  readonly lookup: Lookup;
  readonly style: Style;
}

function formatBlock(matrix: Matrix, { labels, labelWidth, columns, lookup, style }: Block): string {
  const gap = gapOf(matrix);
  const targets = matrix.names.slice(columns.first, columns.end);
  const heads = targets.map((_, at) => gap + centre(String(columns.first + at + 1), cellWidth(matrix)));
  const lines = matrix.names.map((from, at) => {
    const cells = targets.map((to) => gap + formatCell(matrix, from, to, { lookup, style }));
    return padEnd(labels[at] ?? '', labelWidth) + cells.join('');
  });
  return [style.dim(padEnd('', labelWidth) + heads.join('')), ...lines].map((line) => line.trimEnd()).join('\n');
}

/** Blank on the diagonal and wherever nothing was asked. */
function formatCell(
  matrix: Matrix,
  from: string,
  to: string,
  { lookup, style }: Pick<Block, 'lookup' | 'style'>,
): string {
  const symbols = matrix.questions.map((question) => {
    const outcome = lookup(from, to, question)?.outcome;
    return outcome === undefined ? ' ' : paintSymbol(outcome, style);
  });
  return ' '.repeat(cellWidth(matrix) - matrix.questions.length) + symbols.join('');
}

/** A stopped packet is the usual case in a matrix: it stays in the background. */
function paintSymbol(outcome: Outcome, style: Style): string {
  const paint = outcome === 'timed-out' ? style.dim : outcomePaint(outcome, style);
  return paint(OUTCOME_SYMBOL[outcome]);
}

function centre(text: string, width: number): string {
  return padEnd(padStart(text, Math.ceil((width + text.length) / 2)), width);
}

/** Legend and result in one: how often each outcome occurred, per question. */
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
