import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutLine, keysOf } from '../../../src/ruleset/axis.js';

const END = 40;
const span = fc.tuple(fc.nat(END), fc.nat(END)).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
const claims = fc
  .array(fc.array(span, { minLength: 1, maxLength: 2 }), { maxLength: 12 })
  .map((list) => list.map((spans, value) => ({ spans: disjoint(spans), value })));

function disjoint(spans: { first: number; last: number }[]) {
  const [a, b] = spans;
  return a && b && a.last + 1 < b.first ? [a, b] : spans.slice(0, 1);
}

describe('cutLine', () => {
  it('says for every point which claims hold there, in their order', () => {
    fc.assert(
      fc.property(claims, (given) => {
        const stretches = cutLine(given);
        for (let point = 0; point <= END; point++) {
          const naive = given
            .filter(({ spans }) => spans.some(({ first, last }) => first <= point && point <= last))
            .map(({ value }) => value);
          const found = stretches.filter((s) => s.span.first <= point && point <= s.span.last);
          expect(found.map(({ value }) => value)).toEqual(naive.length === 0 ? [] : [naive]);
        }
      }),
    );
  });

  it('joins what touches and is the same', () => {
    const value = 'x';
    const spans = [
      { first: 0, last: 3 },
      { first: 4, last: 9 },
    ];
    expect(cutLine([{ spans, value }])).toEqual([{ span: { first: 0, last: 9 }, value: ['x'] }]);
  });
});

describe('keysOf', () => {
  it('covers a span of ICMP types and codes with rectangles, exactly', () => {
    const point = fc.nat(0xffff);
    fc.assert(
      fc.property(point, point, point, (a, b, probe) => {
        const whole = { first: Math.min(a, b), last: Math.max(a, b) };
        const hits = keysOf('icmp', whole).filter((key) => {
          const [types = '', codes = ''] = key.split(' . ');
          return holds(types, probe >> 8) && holds(codes, probe & 0xff);
        });
        expect(hits.length).toBe(whole.first <= probe && probe <= whole.last ? 1 : 0);
      }),
    );
  });
});

function holds(range: string, value: number): boolean {
  const [first, last] = range.split('-').map(Number);
  return first !== undefined && first <= value && value <= (last ?? first);
}
