import type { Answer } from './opinion.js';

/** What two disagree about. */
export type Aspect = 'outcome' | 'stage' | 'leg' | 'rule';

/**
 * What the second disagrees about; null when both say the same. Rules are compared where both name some: what one names as
 * the admitting rule must be among those that match for the other.
 */
export function disagreement(kernel: Answer, other: Answer): Aspect | null {
  if (kernel.outcome !== other.outcome) return 'outcome';
  if (kernel.stage !== other.stage) return 'stage';
  if (kernel.leg !== other.leg) return 'leg';
  if (other.rules.length === 0) return null;
  const matching = new Set(other.rules);
  return kernel.rules.every((rule) => matching.has(rule)) ? null : 'rule';
}
