import { shown } from '../../cloud/text/quote.js';
import { errorDocument, SglabError } from '../../errors.js';
import { PLAIN, type Style } from './style.js';

/** Formats an error for people: the sentence, and on the next line what to do about it. It goes to stderr. */
export function formatError(error: unknown, style: Style = PLAIN): string {
  const { message, hint } = errorDocument(error).error;
  const trace = error instanceof SglabError || !(error instanceof Error) ? [] : stackLines(error).map(style.dim);
  const lines = [`${style.red(style.bold('error:'))} ${message}`, ...trace];
  return shown(`${[...lines, ...(hint === null ? [] : [`${style.cyan('hint:')}  ${hint}`])].join('\n')}\n`);
}

/** Drops the first lines, which repeat the message. */
function stackLines(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
}
