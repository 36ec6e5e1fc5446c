import { SglabError } from '../../errors.js';

export function badUsage(message: string, hint?: string): SglabError {
  return new SglabError('BadUsage', message, hint === undefined ? {} : { hint });
}
