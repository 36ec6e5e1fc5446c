import { describe, expect, it } from 'vitest';
import { formatMatrix } from '../../../../src/cli/report/matrix.js';
import { changedCells, mergeOutcomes } from '../../../../src/cli/report/matrix-changes.js';
import { COLOURED, PLAIN } from '../../../../src/cli/report/style.js';
import type { Matrix, Outcome } from '../../../../src/verdict/types.js';
import { matrix, probe } from './samples.js';

const ASKED = matrix(3, ['tcp/22', 'tcp/443']);

function withOutcome(from: string, to: string, question: string, outcome: Outcome): Matrix {
  const cells = ASKED.cells.map((cell) =>
    cell.from === from && cell.to === to && cell.question === question
      ? { ...cell, result: probe({ from, to, outcome }) }
      : cell,
  );
  return { ...ASKED, cells };
}

const CLOSED = withOutcome('web-1', 'web-2', 'tcp/443', 'timed-out');
const CHANGE = { from: 'web-1', to: 'web-2', question: 'tcp/443', before: 'connected', after: 'timed-out' } as const;

describe('what changed since the last matrix', () => {
  it('is nothing where every cell answers as before, and nothing that was never asked', () => {
    expect(changedCells(mergeOutcomes({}, ASKED), ASKED)).toEqual([]);
    expect(changedCells({}, ASKED)).toEqual([]);
  });

  it('is each cell that answers otherwise', () => {
    expect(changedCells(mergeOutcomes({}, ASKED), CLOSED)).toEqual([CHANGE]);
  });

  it('outlives a matrix in between that did not ask the cell', () => {
    const between: Matrix = { ...ASKED, cells: ASKED.cells.filter(({ question }) => question === 'tcp/22') };
    const known = mergeOutcomes(mergeOutcomes({}, ASKED), between);
    expect(changedCells(known, CLOSED)).toEqual([CHANGE]);
  });
});

describe('formatMatrix with changes', () => {
  it('highlights exactly the cells that changed', () => {
    const text = formatMatrix(CLOSED, { style: COLOURED, changes: [CHANGE] });
    const marked = COLOURED.inverse(COLOURED.bold(COLOURED.dim('·')));
    expect(text.split(marked)).toHaveLength(2);
    expect(text.split('\n')[1]).toContain(`${COLOURED.green('●')}${marked}`);
    expect(formatMatrix(CLOSED, { style: COLOURED })).not.toContain(marked);
  });

  it('lists them in words', () => {
    expect(formatMatrix(CLOSED, { style: PLAIN, changes: [CHANGE] })).toContain(
      '\n\n1 changed since the last matrix\n  web-1 -> web-2 tcp/443  ● connected  ->  · timed-out\n',
    );
  });

  it('counts what would fill the terminal', () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ ...CHANGE, from: `web-${at}` }));
    const text = formatMatrix(CLOSED, { changes: many });
    expect(text).toContain('40 changed since');
    expect(text).toContain('  and 28 more\n');
    expect(text).not.toContain('web-20 ->');
  });

  it('says so when nothing did, and nothing where there is no matrix before', () => {
    expect(formatMatrix(ASKED, { changes: [] })).toContain('nothing changed since the last matrix\n');
    expect(formatMatrix(ASKED, { changes: null })).not.toContain('last matrix');
  });
});
