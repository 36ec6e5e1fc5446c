import type { Aged } from '../kernel/aged.js';

/** `3 connections go on, 1 has expired`. */
export function agedWords({ kept, expired }: Aged): string {
  const goOn = `${kept} ${kept === 1 ? 'connection goes' : 'connections go'} on`;
  return `${goOn}, ${expired} ${expired === 1 ? 'has' : 'have'} expired`;
}
