/** Statistics of repeated measurements. Pure. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** @throws RangeError if there are no values */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  if (min === undefined || max === undefined) throw new RangeError('nothing was measured');
  const upper = sorted[sorted.length >> 1] ?? max;
  const lower = sorted[(sorted.length - 1) >> 1] ?? min;
  return { median: (lower + upper) / 2, min, max, runs: sorted.length };
}

/** Ratios round by round, so that anything that slows the whole machine for a while slows both sides of a ratio. */
export function ratios(values: readonly number[], baseline: readonly number[]): number[] {
  return values.flatMap((value, round) => {
    const other = baseline[round];
    return other === undefined || other === 0 ? [] : [value / other];
  });
}
