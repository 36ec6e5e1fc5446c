/** What a page knows of the matrix that it looks at. Pure: events in, a new state out; rows that are as they were stay the same object. */
import type { LiveCell, MatrixEvent, TurnedByPackets } from '../../../controller/console/protocol.js';

/** The cells of one sender by `receiver question`. */
export type Row = ReadonlyMap<string, LiveCell>;

/** A cell that turned, and when the page heard of it (milliseconds since 1970). */
export interface Turned extends TurnedByPackets {
  readonly at: number;
}

export interface MatrixState {
  readonly names: readonly string[];
  readonly questions: readonly string[];
  readonly rows: ReadonlyMap<string, Row>;
  /** The newest first. */
  readonly turned: readonly Turned[];
  /** What turned last, all of it by one change: `receiver question` by sender. */
  readonly latest: ReadonlyMap<string, ReadonlySet<string>>;
}

const MAX_TURNED = 500;

export const NOTHING_KNOWN: MatrixState = { names: [], questions: [], rows: new Map(), turned: [], latest: new Map() };

export function cellKey(to: string, question: string): string {
  return `${to} ${question}`;
}

export function cellAt(rows: MatrixState['rows'], from: string, to: string, question: string): LiveCell | undefined {
  return rows.get(from)?.get(cellKey(to, question));
}

export function withMatrixEvent(state: MatrixState, event: MatrixEvent, now: number): MatrixState {
  if (event.type === 'matrix') {
    const { names, questions, cells } = event;
    return { ...state, names, questions, rows: withCells(new Map(), cells) };
  }
  const { cells, turned } = event;
  const rows = withCells(state.rows, cells);
  if (turned.length === 0) return { ...state, rows };
  const told = turned.map((each) => ({ ...each, at: now }));
  const isSameChange = turned[0]?.cause?.number === state.turned[0]?.cause?.number;
  const latest = withKeys(isSameChange ? state.latest : new Map(), turned);
  return { ...state, rows, latest, turned: [...told, ...state.turned].slice(0, MAX_TURNED) };
}

function withCells(rows: MatrixState['rows'], cells: readonly LiveCell[]): MatrixState['rows'] {
  const next = new Map(rows);
  const changed = new Map<string, Map<string, LiveCell>>();
  for (const cell of cells) {
    const row = changed.get(cell.from) ?? new Map(rows.get(cell.from));
    row.set(cellKey(cell.to, cell.question), cell);
    changed.set(cell.from, row);
    next.set(cell.from, row);
  }
  return next;
}

function withKeys(latest: MatrixState['latest'], turned: readonly TurnedByPackets[]): MatrixState['latest'] {
  const next = new Map(latest);
  for (const { from, to, question } of turned)
    next.set(from, new Set([...(next.get(from) ?? []), cellKey(to, question)]));
  return next;
}

/** The cells that ask for a second look. */
export function doubtful({ rows }: MatrixState): { readonly disputed: LiveCell[]; readonly unknown: LiveCell[] } {
  const cells = [...rows.values()].flatMap((row) => [...row.values()]);
  return {
    disputed: cells.filter(({ model }) => model !== null),
    unknown: cells.filter(({ verdict }) => verdict.outcome === 'unknown'),
  };
}
