/** The outcome of an advance for conntrack entries or set elements. */
export interface AgingResult {
  readonly kept: number;
  /** Entries whose time-out is over; they are deleted. */
  readonly expired: number;
}

export function sumAgingResults(parts: readonly AgingResult[]): AgingResult {
  return {
    kept: parts.reduce((n, { kept }) => n + kept, 0),
    expired: parts.reduce((n, { expired }) => n + expired, 0),
  };
}
