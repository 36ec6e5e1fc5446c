/** Text from outside on a terminal: it is shown, and moves, hides or reorders nothing. */
import { expect, it } from 'vitest';
import { formatError } from '../../../src/cli/report/error.js';
import { toJson } from '../../../src/cli/report/json.js';
import { COLOURED } from '../../../src/cli/report/style.js';
import { shown } from '../../../src/cloud/text/quote.js';
import { SglabError } from '../../../src/errors.js';

it.each([
  ['clear the screen', '\u001b[2J', '\\u001b[2J'],
  ['a title', '\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
  ['C1', '\u009b2J', '\\u009b2J'],
  ['DEL and backspace', 'a\u007f\u0008b', 'a\\u007f\\u0008b'],
  ['a line written over', 'bad\rgood', 'bad\\u000dgood'],
  ['bidi', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
  ['zero width', 'a\u200bb', 'a\\u200bb'],
  ['lines, tabs, other scripts', 'a\n\tü – 語', 'a\n\tü – 語'],
  ['our own colours', COLOURED.red(COLOURED.bold('x')), COLOURED.red(COLOURED.bold('x'))],
])('%s', (_what, text, expected) => {
  expect(shown(text)).toBe(expected);
});

it('errors are shown so', () => {
  expect(formatError(new SglabError('X', 'no\u001b[2J', { hint: 'do\u0007' }))).toBe(
    'error: no\\u001b[2J\nhint:  do\\u0007\n',
  );
});

it('a JSON document has the same value, and nothing that a terminal obeys', () => {
  const value = { text: '\u001b[2J\u009b\u202e\u007f' };
  expect(JSON.parse(toJson(value))).toEqual(value);
  expect(toJson(value)).toMatch(/^[\n -~]*$/);
});
