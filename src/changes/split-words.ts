import { type ParseEntry, parse } from 'shell-quote';
import { SglabError } from '../errors.js';

/** A quote that is left when these are taken out of a line is never closed. */
const QUOTED = /\\.|'[^']*'|"(?:\\.|[^"\\])*"|(?<=^|\s)#.*$/g;

/**
 * The words of a line, quoted as in sh. Nothing is expanded: `*.yaml` and `$HOME` are for programs inside.
 * @throws SglabError for a quote that is not closed, and for what only a real shell can do
 */
export function splitWords(line: string): string[] {
  const open = /['"]/.exec(line.replace(QUOTED, ''))?.[0];
  if (open !== undefined) throw new SglabError('BadUsage', `a ${open} is not closed`, { hint: 'end it on this line' });
  return parse(line, (name) => `$${name}`).flatMap(wordOf);
}

function wordOf(entry: ParseEntry): string[] {
  if (typeof entry === 'string') return [entry];
  if ('comment' in entry) return [];
  if (entry.op === 'glob') return [entry.pattern];
  throw new SglabError('BadUsage', `this shell has no ${entry.op}`, {
    hint: `quote it, or let a shell inside do it: web-1 sh -c '… ${entry.op} …'`,
  });
}

/** The words after `sudo sglab`, with which a command begins that reports and documents print for pasting. */
export function withoutPrefix(words: readonly string[]): readonly string[] {
  const rest = words[0] === 'sudo' ? words.slice(1) : words;
  return /^(?:.*\/)?sglab$/.test(rest[0] ?? '') ? rest.slice(1) : rest;
}
