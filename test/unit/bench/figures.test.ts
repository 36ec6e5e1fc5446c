import { describe, expect, it } from 'vitest';
import { type BenchContext, interleave } from '../../bench/benchmark.js';
import { figure, skippedFigure } from '../../bench/figure.js';
import { formatFigures, spreadText } from '../../bench/report.js';
import { ratios, spread } from '../../bench/statistics.js';

describe('spread', () => {
  it('takes the middle one of an odd number, the mean of the middle two of an even number', () => {
    expect(spread([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9, runs: 3 });
    expect(spread([4, 1, 10, 2]).median).toBe(3);
  });

  it('does not invent a figure', () => {
    expect(() => spread([])).toThrow(RangeError);
  });
});

it('ratios go round by round, so a slow hour does not count', () => {
  expect(ratios([2, 20], [1, 10])).toEqual([2, 2]);
  expect(ratios([2, 20, 200], [1, 10])).toHaveLength(2);
});

describe('figure', () => {
  const measured = { name: 'x', what: 'something', unit: 'ms', values: [30, 10, 20] };
  const baseline = { what: 'something bare', values: [10, 10, 10] };

  it('holds a budget against the median of the ratios', () => {
    const budget = { of: 'ratio', bound: 'at most', limit: 2 } as const;
    expect(figure({ ...measured, baseline, budget })).toMatchObject({
      met: true,
      ratio: { median: 2, min: 1, max: 3 },
    });
    expect(figure({ ...measured, baseline, budget: { ...budget, limit: 1.9 } }).met).toBe(false);
  });

  it('holds a budget against the median of the values', () => {
    expect(figure({ ...measured, budget: { of: 'value', bound: 'at least', limit: 20 } }).met).toBe(true);
    expect(figure({ ...measured, budget: { of: 'value', bound: 'at least', limit: 21 } }).met).toBe(false);
  });

  it('neither meets nor misses what was not measured', () => {
    expect(figure(measured).met).toBeNull();
    expect(skippedFigure('x', 'something', 'not installed')).toMatchObject({ met: null, value: null });
  });
});

describe('the table', () => {
  it('quotes the median and between what it lies, with three digits that count', () => {
    expect(spreadText({ median: 1.23456, min: 0.5, max: 2, runs: 3 })).toBe('1.23 (0.5–2)');
    expect(spreadText({ median: 12345.6, min: 100, max: 99999, runs: 3 })).toBe('12 346 (100–99 999)');
  });

  it('says what was skipped, and why', () => {
    const text = formatFigures([skippedFigure('up-down.mininet', 'Mininet', 'mininet is not installed')]);
    expect(text).toContain('skipped: mininet is not installed');
  });
});

describe('interleave', () => {
  const context = (signal: AbortSignal): BenchContext => ({ quick: true, signal, labName: String, progress: () => {} });

  it('takes turns, and the other way round every other time', async () => {
    const order: string[] = [];
    const contender = (name: string) => async () => order.push(name);
    const results = await interleave(context(new AbortController().signal), 2, {
      a: contender('a'),
      b: contender('b'),
    });
    expect(order).toEqual(['a', 'b', 'b', 'a']);
    expect(results).toEqual({ a: [1, 4], b: [2, 3] });
  });

  it('ends between two measurements', async () => {
    const controller = new AbortController();
    const stop = async () => {
      controller.abort();
      return 1;
    };
    await expect(interleave(context(controller.signal), 2, { stop })).rejects.toThrow();
  });
});
