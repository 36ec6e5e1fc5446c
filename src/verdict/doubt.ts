import type { Stopped } from './types.js';

/** A result of packets that met something else than the lab's rules is none. @param doubt why; null where they met them */
export function unlessDoubtful<T extends Stopped & { readonly outcome: string; readonly rule: string | null }>(
  result: T,
  doubt: string | null,
): T {
  if (doubt === null) return result;
  return { ...result, outcome: 'unknown', stage: null, leg: null, rule: null, explanation: doubt };
}
