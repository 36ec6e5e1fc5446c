import type { Span } from './axis.js';

/** A stretch of a class's line with the claims on it. */
export interface Stretch<T> {
  readonly span: Span;
  readonly value: T;
}

/** A value that applies to some spans of the line. */
export interface Claim<T> {
  readonly spans: readonly Span[];
  readonly value: T;
}

/**
 * Cuts the line where any claim begins or ends and gives for every stretch the claims that apply there, in the order
 * given. Neighbours with the same claims are joined and stretches without claims left out, so that the result is
 * disjoint, ascending and at most twice as long as there are spans.
 */
export function cutLine<T>(claims: readonly Claim<T>[]): Stretch<readonly T[]>[] {
  const { starts, ends, points } = edges(claims);
  const active = new Set<number>();
  const stretches: Stretch<readonly T[]>[] = [];
  for (const [i, first] of points.entries()) {
    for (const n of ends.get(first) ?? []) active.delete(n);
    for (const n of starts.get(first) ?? []) active.add(n);
    const last = (points[i + 1] ?? first) - 1;
    const value = [...active]
      .sort((a, b) => a - b)
      .flatMap((n) => claims[n] ?? [])
      .map((claim) => claim.value);
    if (value.length > 0) stretches.push({ span: { first, last }, value });
  }
  return joined(stretches, sameItems);
}

/** Joins neighbours that touch and are the same. */
export function joined<T>(stretches: readonly Stretch<T>[], isSame: (a: T, b: T) => boolean): Stretch<T>[] {
  const result: Stretch<T>[] = [];
  for (const { span, value } of stretches) {
    const previous = result.at(-1);
    if (previous !== undefined && previous.span.last + 1 === span.first && isSame(previous.value, value)) {
      result[result.length - 1] = { span: { first: previous.span.first, last: span.last }, value };
    } else {
      result.push({ span, value });
    }
  }
  return result;
}

function edges<T>(claims: readonly Claim<T>[]) {
  const starts = new Map<number, number[]>();
  const ends = new Map<number, number[]>();
  for (const [n, { spans }] of claims.entries()) {
    for (const { first, last } of spans) {
      starts.set(first, [...(starts.get(first) ?? []), n]);
      ends.set(last + 1, [...(ends.get(last + 1) ?? []), n]);
    }
  }
  const points = [...new Set([...starts.keys(), ...ends.keys()])].sort((a, b) => a - b);
  return { starts, ends, points };
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
