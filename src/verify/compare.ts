import type { Answer } from './opinion.js';

/** The aspect of an answer in which two opinions differ. */
export type Aspect = 'outcome' | 'stage' | 'leg' | 'rule';

/**
 * The aspect in which the other opinion differs from the kernel; null if they agree. Aspects that the other leaves open
 * are not compared: a model may know outcomes only. A rule that the kernel names must be among those that match for the
 * other.
 */
export function disagreement(kernel: Answer, other: Answer): Aspect | null {
  if (kernel.outcome !== other.outcome) return 'outcome';
  if (other.stage !== null && kernel.stage !== other.stage) return 'stage';
  if (other.leg !== null && kernel.leg !== other.leg) return 'leg';
  if (other.rules.length === 0) return null;
  const matching = new Set(other.rules);
  return kernel.rules.every((rule) => matching.has(rule)) ? null : 'rule';
}
