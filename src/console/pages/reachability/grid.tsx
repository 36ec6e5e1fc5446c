// biome-ignore-all lint/a11y/useSemanticElements: rows of a table cannot be left out while nobody sees them
/** Who reaches whom: a row for each sender, a column for each receiver and question. One stop of the tab key; arrows lead on. */
import { type KeyboardEvent, type MouseEvent, memo, useMemo, useRef } from 'react';
import { OUTCOME_SYMBOL, outcomeText } from '../../../verdict/phrases.js';
import { cellKey, type MatrixState, type Row } from './matrix-state.js';
import './grid.css';

/** Machines that share a row and a column; most are alone. */
export type Fold = readonly string[];

interface GridProps {
  readonly label: string;
  readonly folds: readonly Fold[];
  readonly questions: readonly string[];
  readonly rows: MatrixState['rows'];
  readonly latest: MatrixState['latest'];
  readonly onChoose: (from: string, to: string, question: string) => void;
}

interface Column {
  /** The receiver; for a fold's own cell, another machine of the fold. */
  readonly fold: Fold;
  readonly question: string;
  readonly isLast: boolean;
}

const NONE: ReadonlySet<string> = new Set();
const NO_CELLS: Row = new Map();

export function Grid({ label, folds, questions, rows, latest, onChoose }: GridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const columns = useMemo(
    () =>
      folds.flatMap((fold) =>
        questions.map((question, at) => ({ fold, question, isLast: at === questions.length - 1 })),
      ),
    [folds, questions],
  );
  const choose = (target: EventTarget) => {
    const { from, to, question } = (target as HTMLElement).closest<HTMLElement>('[role=gridcell]')?.dataset ?? {};
    if (from !== undefined && to !== undefined && question !== undefined) onChoose(from, to, question);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') choose(event.target);
    else if (!moveFocus(grid.current, event)) return;
    event.preventDefault();
  };
  return (
    <div
      ref={grid}
      role="grid"
      aria-label={label}
      aria-rowcount={folds.length + 1}
      className="matrix"
      onClick={({ target }: MouseEvent) => choose(target)}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => stopTabAt(grid.current, target)}
    >
      <Head folds={folds} questions={questions} />
      {folds.map((fold, at) => (
        <GridRow
          key={fold[0]}
          fold={fold}
          isFirst={at === 0}
          columns={columns}
          row={rows.get(fold[0] ?? '') ?? NO_CELLS}
          latest={latest.get(fold[0] ?? '') ?? NONE}
        />
      ))}
    </div>
  );
}

/** Of upright names: as high as the longest one needs, up to a limit at which names are cut. Pixels. */
function headHeight(folds: readonly Fold[]): number {
  const longest = Math.max(0, ...folds.map((fold) => foldName(fold).length));
  return Math.min(130, 20 + 9 * longest);
}

function Head({ folds, questions }: Pick<GridProps, 'folds' | 'questions'>) {
  const width = (count: number) => ({ width: 26 * count });
  const height = headHeight(folds);
  return (
    <div className="matrix-head">
      <div role="row" tabIndex={-1}>
        <span role="columnheader" tabIndex={-1} className="matrix-corner" style={{ height }}>
          from ↓ to →
        </span>
        {folds.map((fold) => (
          <div
            key={fold[0]}
            role="columnheader"
            tabIndex={-1}
            aria-colspan={questions.length}
            style={{ ...width(questions.length), height }}
          >
            <span title={fold.join(', ')}>{foldName(fold)}</span>
          </div>
        ))}
      </div>
      {questions.length > 1 && (
        <div role="row" tabIndex={-1} className="matrix-questions">
          <span role="columnheader" tabIndex={-1} className="matrix-corner" style={{ height: 70 }} />
          {folds.flatMap((fold) =>
            questions.map((question) => (
              <div key={`${fold[0]} ${question}`} role="columnheader" tabIndex={-1} style={width(1)}>
                <span>{question}</span>
              </div>
            )),
          )}
        </div>
      )}
    </div>
  );
}

interface GridRowProps {
  readonly fold: Fold;
  readonly isFirst: boolean;
  readonly columns: readonly Column[];
  readonly row: Row;
  readonly latest: ReadonlySet<string>;
}

const GridRow = memo(function GridRow({ fold, isFirst, columns, row, latest }: GridRowProps) {
  const [from = ''] = fold;
  return (
    <div role="row" tabIndex={-1} className="matrix-row">
      <div role="rowheader" tabIndex={-1} title={fold.join(', ')}>
        {foldName(fold)}
      </div>
      {columns.map(({ fold: receivers, question, isLast }, at) => {
        const to = receivers.find((name) => name !== from);
        const key = `${receivers[0]} ${question}`;
        if (to === undefined)
          return <div key={key} role="gridcell" tabIndex={-1} className="matrix-empty" aria-label="itself" />;
        const isTurned = latest.has(cellKey(to, question));
        return (
          <Cell
            key={key}
            ends={{ from, to, question }}
            row={row}
            tabIndex={isFirst && at < 2 ? 0 : -1}
            mark={{ isLast, isTurned }}
          />
        );
      })}
    </div>
  );
});

interface CellProps {
  readonly ends: { readonly from: string; readonly to: string; readonly question: string };
  readonly row: Row;
  readonly tabIndex: number;
  readonly mark: { readonly isLast: boolean; readonly isTurned: boolean };
}

function Cell({ ends: { from, to, question }, row, tabIndex, mark: { isLast, isTurned } }: CellProps) {
  const cell = row.get(cellKey(to, question));
  const told = cell === undefined ? 'not asked yet' : outcomeText(cell.verdict);
  const disputed = cell?.model == null ? '' : `; the model says ${outcomeText(cell.model)}`;
  const classes = [
    cell === undefined ? '' : `cell-${cell.verdict.outcome}`,
    disputed === '' ? '' : 'cell-disputed',
    isTurned ? 'cell-turned' : '',
    isLast ? 'matrix-last' : '',
  ];
  const text = `${from} to ${to} ${question}: ${told}${disputed}${isTurned ? ', turned' : ''}`;
  return (
    <div
      role="gridcell"
      tabIndex={tabIndex}
      className={classes.filter((name) => name !== '').join(' ')}
      aria-label={text}
      title={text}
      data-from={from}
      data-to={to}
      data-question={question}
    >
      {cell === undefined ? '' : OUTCOME_SYMBOL[cell.verdict.outcome]}
    </div>
  );
}

/** `web-1`, `web-1 +3`. */
function foldName([first = '', ...others]: Fold): string {
  return others.length === 0 ? first : `${first} +${others.length}`;
}

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

/** @returns whether the key leads anywhere */
function moveFocus(grid: HTMLElement | null, { key, target }: KeyboardEvent): boolean {
  const step = STEPS[key];
  if (step === undefined || grid === null) return false;
  const rows = [...grid.querySelectorAll('.matrix-row')].map((row) => [
    ...row.querySelectorAll<HTMLElement>('[role=gridcell]'),
  ]);
  const y = rows.findIndex((cells) => cells.includes(target as HTMLElement));
  const x = rows[y]?.indexOf(target as HTMLElement) ?? 0;
  const [toY, toX] = [clamp(y + step[0], rows.length), clamp(x + step[1], rows[0]?.length ?? 0)];
  const [dy, dx] = step.map(Math.sign) as [number, number];
  // The diagonal is stepped over.
  const next = [rows[toY]?.[toX], rows[toY + dy]?.[toX + dx]].find((cell) => cell?.dataset.from !== undefined);
  next?.focus();
  return true;
}

function clamp(value: number, count: number): number {
  return Math.max(0, Math.min(value, count - 1));
}

/** The tab key comes back to the cell that was left. */
function stopTabAt(grid: HTMLElement | null, target: EventTarget): void {
  for (const cell of grid?.querySelectorAll<HTMLElement>('[role=gridcell][tabindex="0"]') ?? []) cell.tabIndex = -1;
  (target as HTMLElement).tabIndex = 0;
}
