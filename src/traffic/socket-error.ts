import type { Attempt } from './attempt.js';

const OUTCOMES = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOPROTOOPT: 'refused',
  ETIMEDOUT: 'timed-out',
} as const;

/** Passes on what a failed system call means to the client. */
export function answerError(attempt: Attempt, error: string): void {
  if (error in OUTCOMES) attempt.answer(OUTCOMES[error as keyof typeof OUTCOMES]);
  else attempt.answer('unknown', `the client's socket said ${error}`);
}
