import type { Attempt } from './attempt.js';

const OUTCOME_OF = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOPROTOOPT: 'refused',
  ETIMEDOUT: 'timed-out',
} as const;

/** Passes on what a failed system call means to the client. */
export function answerError(attempt: Attempt, error: string): void {
  if (error in OUTCOME_OF) attempt.answer(OUTCOME_OF[error as keyof typeof OUTCOME_OF]);
  else attempt.answer('unknown', `the client's socket said ${error}`);
}
