/** A form that is open while others change the lab. */
import { describe, expect, it } from 'vitest';
import {
  type Item,
  isTouched,
  rebased,
  rowsOf,
  shownRows,
  withLabValue,
  withNewRow,
  withoutRow,
  withValue,
} from '../../../src/console/editing/rows.js';

interface Value {
  readonly ports: string;
  readonly text: string;
}
const item = (id: string, ports: string, text = ''): Item<Value> => ({ id, value: { ports, text } });
const START = [item('a', '22'), item('b', '80')];
const seen = (form: ReturnType<typeof rowsOf<Value>>) =>
  shownRows(form).map(({ item: from, value, meanwhile }) => [from?.id ?? null, value.ports, value.text, meanwhile]);

describe('a form beside a lab that others change', () => {
  it('takes over what it did not touch', () => {
    const form = rebased(rowsOf(START), [item('a', '443'), item('c', '53')]);
    expect(seen(form)).toEqual([
      ['a', '443', '', 'changed'],
      ['c', '53', '', 'added'],
    ]);
    expect(form.gone).toBe(1);
    expect(isTouched(form)).toBe(false);
  });

  it('merges changes of different members of one item', () => {
    const edited = withValue(rowsOf(START), 'a', { ports: '22', text: 'mine' });
    expect(seen(rebased(edited, [item('a', '443'), item('b', '80')]))).toEqual([
      ['a', '443', 'mine', 'changed'],
      ['b', '80', '', null],
    ]);
  });

  it('keeps its own where both changed the same, says so, and can take theirs', () => {
    const edited = withValue(rowsOf(START), 'a', { ports: '8080', text: '' });
    const form = rebased(edited, [item('a', '443'), item('b', '80')]);
    expect(seen(form)[0]).toEqual(['a', '8080', '', 'conflict']);
    expect(seen(withLabValue(form, 'a'))[0]).toEqual(['a', '443', '', null]);
  });

  it('keeps an edited row whose item is gone as a new one', () => {
    const edited = withValue(rowsOf(START), 'a', { ports: '8080', text: '' });
    expect(seen(rebased(edited, [item('b', '80')]))[0]).toEqual([null, '8080', '', 'gone']);
  });

  it('shows a deleted row again that somebody changed, and forgets one that somebody deleted, too', () => {
    const form = withoutRow(withoutRow(rowsOf(START), 'a'), 'b');
    expect(seen(form)).toEqual([]);
    expect(seen(rebased(form, [item('a', '443')]))).toEqual([['a', '443', '', 'conflict']]);
  });

  it('recognises its new row when the lab has it', () => {
    const form = withNewRow(rowsOf(START), { ports: '53', text: '' });
    const saved = rebased(form, [...START, item('c', '53')]);
    expect(seen(saved)).toHaveLength(3);
    expect(isTouched(saved)).toBe(false);
  });
});
