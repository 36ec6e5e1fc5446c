/** Whether lessons teach what they say. */
import type { Validation } from '../../lessons/validate-lesson.js';
import { formatMs, statusSymbol } from './labels.js';
import { PLAIN, type Style } from './style.js';
import { wrap } from './width.js';

const READABLE = 110;

export function formatValidation(
  { lesson, title, valid, findings, ms }: Validation,
  { style = PLAIN, width = READABLE }: { readonly style?: Style; readonly width?: number } = {},
): string {
  const columns = Math.min(width, READABLE) - 5;
  const lines = findings.flatMap(({ of, ok, says }) => {
    const { text, paint } = statusSymbol(ok ? 'passed' : 'failed', style);
    return [`  ${paint(text)}  ${of}`, ...wrap(says, columns).map((line) => `     ${style.dim(line)}`)];
  });
  const { text, paint } = statusSymbol(valid ? 'passed' : 'failed', style);
  const verdict = valid ? 'teaches what it says' : 'does not teach what it says';
  return `${[`${style.bold(lesson)}  ${title}`, '', ...lines, '', `${paint(text)} ${verdict}   ${style.dim(formatMs(ms))}`].join('\n')}\n`;
}
