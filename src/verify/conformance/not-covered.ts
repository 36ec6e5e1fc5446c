/**
 * Why a statement has no scenario file; one that has neither is reported as not yet written. It counts as not covered
 * either way.
 */
export const NOT_COVERED: Readonly<Record<string, string>> = {};

export function reasonNotCovered(id: string): string {
  return NOT_COVERED[id] ?? 'no scenario is written for it yet';
}
