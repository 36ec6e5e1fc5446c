import { shown } from '../../cloud/text/quote.js';
import { errorDocument, SglabError } from '../../errors.js';
import { PLAIN, type Style } from './style.js';
import { displayWidth, wrap } from './width.js';

/** Formats an error for people: the sentence, and on the next line what to do about it. It goes to stderr. */
export function formatError(error: unknown, style: Style = PLAIN, width = Number.POSITIVE_INFINITY): string {
  const { message, hint } = errorDocument(error).error;
  const trace = error instanceof SglabError || !(error instanceof Error) ? [] : stackLines(error).map(style.dim);
  const [first = '', ...more] = message
    .split('\n')
    .flatMap((line, at) => broken(line, at === 0 ? width - ERROR.length : width));
  const lines = [`${style.red(style.bold(ERROR.trim()))} ${first}`, ...more, ...trace];
  const [remedy, ...rest] = hint === null ? [] : broken(hint, width - ERROR.length);
  const hints = remedy === undefined ? [] : [`${style.cyan('hint:')}  ${remedy}`, ...rest];
  return shown(`${[...lines, ...hints].join('\n')}\n`);
}

const ERROR = 'error: ';

/** A line that is too long for the terminal goes on below, further in. */
function broken(line: string, width: number): string[] {
  if (displayWidth(line) <= width) return [line];
  const [first = '', ...more] = wrap(line, width - ERROR.length);
  return [first, ...more.map((each) => ' '.repeat(ERROR.length) + each)];
}

/** Drops the first lines, which repeat the message. */
function stackLines(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
}
