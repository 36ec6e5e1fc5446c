/** The result of a benchmark. Plain data: it is the document of `--json`. */
import { ratios, type Spread, spread } from './statistics.js';

export interface Figure {
  /** `up-down.bare`: the benchmark and its figure. */
  readonly name: string;
  /** A description for people. */
  readonly what: string;
  readonly unit: string;
  readonly value: Spread | null;
  readonly baseline: { readonly what: string; readonly value: Spread } | null;
  /** The ratio of value to baseline, round by round. */
  readonly ratio: Spread | null;
  readonly budget: Budget | null;
  /** null if there is no budget, or nothing was measured. */
  readonly met: boolean | null;
  /** The reason why nothing was measured, else null. */
  readonly skipped: string | null;
}

/** A limit for the median, of the ratio or of the value itself. */
export interface Budget {
  readonly of: 'ratio' | 'value';
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
}

export interface Measured {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  /** One number per round. */
  readonly values: readonly number[];
  readonly baseline?: { readonly what: string; readonly values: readonly number[] };
  readonly budget?: Budget;
}

export function figure({ name, what, unit, values, baseline, budget }: Measured): Figure {
  const value = spread(values);
  const ratio = baseline === undefined ? null : spread(ratios(values, baseline.values));
  return {
    name,
    what,
    unit,
    value,
    baseline: baseline === undefined ? null : { what: baseline.what, value: spread(baseline.values) },
    ratio,
    budget: budget ?? null,
    met: budget === undefined ? null : isWithin(budget, budget.of === 'ratio' ? ratio : value),
    skipped: null,
  };
}

export function skippedFigure(name: string, what: string, reason: string): Figure {
  const nothing = { value: null, baseline: null, ratio: null, budget: null, met: null };
  return { name, what, unit: '', ...nothing, skipped: reason };
}

function isWithin({ bound, limit }: Budget, reached: Spread | null): boolean | null {
  if (reached === null) return null;
  return bound === 'at most' ? reached.median <= limit : reached.median >= limit;
}
