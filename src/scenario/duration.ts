import { CloudError } from '../cloud/errors.js';
import { quote } from '../cloud/text/quote.js';

const DURATION = /^(\d{1,6})(ms|s|m)$/;
const LONG_DURATION = /^(\d{1,6})(s|m|h|d)$/;
const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Reads `500ms`, `30s` or `2m`. Result in milliseconds. Throws CloudError. */
export function parseDuration(text: string): number {
  const [, count, unit = ''] = DURATION.exec(text) ?? [];
  const factor = MILLISECONDS[unit];
  if (factor !== undefined && Number(count) > 0) return Number(count) * factor;
  throw new CloudError('InvalidParameterValue', `${quote(text)} is not a length of time`, 'Write 500ms, 30s or 2m.');
}

/** Reads a time by which connections age: `50s`, `10m`, `2h` or `5d`. Result in seconds. Throws CloudError. */
export function parseWholeSeconds(text: string): number {
  const [, count, unit = ''] = LONG_DURATION.exec(text) ?? [];
  const factor = MILLISECONDS[unit];
  if (factor !== undefined && Number(count) > 0) return (Number(count) * factor) / 1000;
  const message = `${quote(text)} is not a number of whole seconds, minutes, hours or days`;
  throw new CloudError('InvalidParameterValue', message, 'Write 50s, 10m, 2h or 5d.');
}
