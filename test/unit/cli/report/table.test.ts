import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOURED } from '../../../../src/cli/report/style.js';
import { table } from '../../../../src/cli/report/table.js';
import { displayWidth, elide, wrap } from '../../../../src/cli/report/width.js';

describe('table', () => {
  it('aligns left and right, without blanks at the end of a line', () => {
    const rows = [
      ['web-1', '7', ''],
      ['bastion', '443', 'x'],
    ];
    expect(table(rows, [{ head: 'name' }, { head: 'port', align: 'right' }, {}])).toBe(
      ['name     port', 'web-1       7', 'bastion   443  x'].join('\n'),
    );
  });

  it('measures wide characters and ignores colours', () => {
    const rows = [
      ['東京', 'a'],
      [{ text: 'ok', paint: COLOURED.green }, 'b'],
    ];
    expect(table(rows, [{}, {}])).toBe(`東京  a\n${COLOURED.green('ok')}    b`);
  });

  it('shortens the widest shrinkable column, and only as far as allowed', () => {
    const rows = [['name', 'a rather long explanation of it all']];
    expect(table(rows, [{}, { shrinkTo: 8 }], { width: 20 })).toBe('name  a rather long…');
    expect(table(rows, [{}, { shrinkTo: 8 }], { width: 5 })).toBe('name  a rathe…');
    expect(table(rows, [{}, {}], { width: 5 })).toBe('name  a rather long explanation of it all');
  });

  it('paints a cell that repeats itself only as a whole', () => {
    expect(table([[{ text: '$&', paint: (text: string) => `<${text}>` }]], [{}])).toBe('<$&>');
  });
});

describe('widths', () => {
  it.each([
    ['abc', 3],
    ['é', 1],
    ['日本', 4],
    ['👍', 2],
    ['e\u0301', 1],
    ['→ ✓', 3],
  ])('%s takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('never exceeds the width it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, width) => {
        expect(displayWidth(elide(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('wraps at spaces and keeps every word', () => {
    expect(wrap('one two  three', 7)).toEqual(['one two', 'three']);
    expect(wrap('incomprehensibilities are long', 5)).toEqual(['incomprehensibilities', 'are', 'long']);
    expect(wrap('', 5)).toEqual([]);
  });
});
