import type { ProbeResult, StepResult } from '../verdict/types.js';

/** What a kind of step says of itself; the runner adds the rest. */
export type StepOutcome = Pick<StepResult, 'status' | 'outcome'> & Partial<StepResult>;

/** The rule that let the packet through, where it went through: that is what a reader asks for. */
export function admittingRule({ outcome, path }: ProbeResult): string | null {
  if (outcome !== 'connected' && outcome !== 'refused') return null;
  const admissions = path.filter(({ verdict, rule, leg }) => verdict === 'pass' && rule !== null && leg === 'request');
  return admissions.at(-1)?.rule ?? null;
}
