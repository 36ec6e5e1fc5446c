import { EXIT, SglabError } from '../../errors.js';
import { STATEMENTS } from './statements/index.js';
import { numberOf, type Statement } from './types.js';

const WORD = /^s?(\d{1,3})(?:-s?(\d{1,3}))?$/i;

/**
 * The statements that ranges such as `S58`, `s058` and `S60-S70` name, each once and in the document's order; all of
 * them if there are no arguments.
 * @throws SglabError (exit code 2) for an argument that names none
 */
export function selectStatements(words: readonly string[]): readonly Statement[] {
  if (words.length === 0) return STATEMENTS;
  const ranges = words.map(readRange);
  return STATEMENTS.filter(({ id }) => ranges.some(({ from, to }) => from <= numberOf(id) && numberOf(id) <= to));
}

function readRange(word: string): { from: number; to: number } {
  const [, first, last = first] = WORD.exec(word) ?? [];
  if (first === undefined) throw noStatement(word, remedyFor(word));
  const range = { from: Number(first), to: Number(last) };
  for (const number of [range.from, range.to]) {
    if (!STATEMENTS.some(({ id }) => numberOf(id) === number)) throw noStatement(word, `they are ${EXTENT}`);
  }
  if (range.from > range.to) throw noStatement(word, `write S${range.to}-S${range.from}`);
  return range;
}

const EXTENT = `${STATEMENTS[0]?.id} to ${STATEMENTS.at(-1)?.id}`;

function remedyFor(word: string): string {
  if (/^a\d/i.test(word)) return 'statements A1 to A26 are about the API and send no packets: `scripts/test` has them';
  return `write S58, or a range such as S60-S70; they are ${EXTENT}`;
}

function noStatement(word: string, hint: string): SglabError {
  return new SglabError('NoSuchStatement', `${JSON.stringify(word.slice(0, 60))} names no statement`, {
    exitCode: EXIT.badInput,
    hint,
  });
}
