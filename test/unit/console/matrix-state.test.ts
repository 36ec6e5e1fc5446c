import { describe, expect, it } from 'vitest';
import { foldAlike } from '../../../src/console/pages/reachability/fold.js';
import { cellAt, NOTHING_KNOWN, withMatrixEvent } from '../../../src/console/pages/reachability/matrix-state.js';
import type { CellVerdict, TurnedByPackets } from '../../../src/controller/console/protocol.js';

const CONNECTED: CellVerdict = { outcome: 'connected', stage: null, leg: null, rules: ['sgr-1'] };
const STOPPED: CellVerdict = { outcome: 'timed-out', stage: 'sg-ingress', leg: 'request', rules: [] };
const question = 'tcp/22';
const cell = (from: string, to: string, verdict: CellVerdict) => ({ from, to, question, verdict, model: null });

const known = withMatrixEvent(
  NOTHING_KNOWN,
  {
    type: 'matrix',
    names: ['a', 'b', 'c'],
    questions: [question],
    cells: [cell('a', 'b', CONNECTED), cell('b', 'a', CONNECTED)],
  },
  0,
);

function turned(to: string, number: number): TurnedByPackets {
  const cause = { number, caller: 'sglab', action: 'revoke' };
  return { from: 'a', to, question, before: CONNECTED, after: STOPPED, rules: [], cause };
}

describe('the state of the matrix', () => {
  it('keeps the rows that are as they were', () => {
    const event = { type: 'cells', cells: [cell('a', 'b', STOPPED)], turned: [turned('b', 1)] } as const;
    const next = withMatrixEvent(known, event, 5);
    expect(cellAt(next.rows, 'a', 'b', question)?.verdict).toEqual(STOPPED);
    expect(next.rows.get('b')).toBe(known.rows.get('b'));
    expect(next.turned).toMatchObject([{ to: 'b', at: 5 }]);
  });

  it('marks all that one change turned, and nothing of the one before', () => {
    const tell = (state: typeof known, to: string, number: number) =>
      withMatrixEvent(state, { type: 'cells', cells: [], turned: [turned(to, number)] }, 0);
    const both = tell(tell(known, 'b', 1), 'c', 1);
    expect([...(both.latest.get('a') ?? [])]).toEqual(['b tcp/22', 'c tcp/22']);
    expect([...(tell(both, 'b', 2).latest.get('a') ?? [])]).toEqual(['b tcp/22']);
  });
});

describe('folding', () => {
  const fold = (names: string[], open: readonly string[]) =>
    foldAlike(names, (from, to) => String(open.includes(`${from}${to}`)));

  it('puts machines together that reach the same and are reached by the same', () => {
    expect(fold(['a', 'b', 'c'], ['ac', 'bc'])).toEqual([['a', 'b'], ['c']]);
    expect(fold(['a', 'b', 'c'], ['ac'])).toEqual([['a'], ['b'], ['c']]);
  });

  it('asks what they are to each other, too', () => {
    expect(fold(['a', 'b'], ['ab'])).toEqual([['a'], ['b']]);
    expect(fold(['a', 'b'], ['ab', 'ba'])).toEqual([['a', 'b']]);
  });
});
