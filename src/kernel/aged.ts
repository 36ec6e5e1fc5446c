/** What became of things that time takes away, when time was moved. */
export interface Aged {
  readonly kept: number;
  /** Their time had passed: they are gone. */
  readonly expired: number;
}

export function sumAged(parts: readonly Aged[]): Aged {
  return {
    kept: parts.reduce((n, { kept }) => n + kept, 0),
    expired: parts.reduce((n, { expired }) => n + expired, 0),
  };
}
