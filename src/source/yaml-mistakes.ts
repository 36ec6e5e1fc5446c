/** The first mistake in a YAML text, in words. What a parser says after it is mostly about the same mistake. */
import { CST, type YAMLParseError, type YAMLWarning } from 'yaml';
import { printable, quote } from '../cloud/text/quote.js';
import type { NodeFault } from './yaml-nodes.js';

/** The library's texts may quote the file. */
const MAX_MESSAGE = 200;

/** Levels of mappings and lists; a scenario needs about ten. */
const MAX_DEPTH = 64;

export interface YamlText {
  readonly text: string;
  readonly tokens: readonly CST.Token[];
  readonly lineOf: (offset: number) => number;
}

/**
 * Finds the place where the text nests deeper than any file that sglab reads. Asked first and without recursion, since a few
 * thousand brackets are enough to end the whole process in the library's recursive half: the engine aborts when it has to
 * compile a regular expression on an exhausted stack.
 */
export function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  let level: readonly CST.Token[] = tokens;
  for (let depth = 0; depth < MAX_DEPTH; depth++) level = level.flatMap(childrenOf);
  return level[0]?.offset;
}

/** The first of what the library found. @param own messages by the library's code, in place of these */
export function firstMistake(
  found: readonly (YAMLParseError | YAMLWarning)[],
  source: YamlText,
  own: Readonly<Record<string, string>>,
): NodeFault | undefined {
  const [first] = [...found].sort((a, b) => a.pos[0] - b.pos[0]);
  if (first === undefined) return undefined;
  const { code, message, pos } = first;
  const [offset] = pos;
  const said = own[code];
  if (said !== undefined) return { offset, message: said };
  return mistakeOf(first, source) ?? { offset, message: printable(message, MAX_MESSAGE) };
}

function mistakeOf({ code, message, pos }: YAMLParseError | YAMLWarning, source: YamlText): NodeFault | undefined {
  const [offset] = pos;
  const line = source.text.slice(offset).split('\n', 1)[0]?.trim() ?? '';
  switch (code) {
    case 'MULTILINE_IMPLICIT_KEY':
      return withoutColon(offset, line);
    case 'MISSING_CHAR':
      if (message.startsWith('Missing closing')) return unclosedQuote(source) ?? undefined;
      if (message.startsWith('Implicit map keys')) return withoutColon(offset, line);
      return { offset, message: 'this line belongs neither to the list nor to the item above', hint: LINE_UP };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { offset, message: 'a value on this line looks like a key of its own', hint: QUOTE_IT };
    case 'BAD_INDENT':
      return (
        unclosedBracket(source, offset) ?? {
          offset,
          message: 'this line is indented unlike those above',
          hint: LINE_UP,
        }
      );
    case 'TAB_AS_INDENT':
      return { offset, message: 'this line is indented with a tab', hint: 'YAML takes spaces only.' };
    case 'BAD_SCALAR_START':
      return { offset, message: `a text cannot begin with ${quote(line[0])}`, hint: 'Put it in quotes.' };
    default:
      return /^[}\]]/.test(line) ? { offset, message: `${quote(line[0])} closes nothing` } : undefined;
  }
}

const LINE_UP = 'Keys of one mapping, and items of one list, begin in the same column.';
const QUOTE_IT = 'Put a text with ": " in quotes, and each key on a line of its own.';

function withoutColon(offset: number, line: string): NodeFault {
  if (line.startsWith('-')) return { offset, message: 'an item of a list stands where a key belongs', hint: LINE_UP };
  const [word = ''] = line.split(/\s/, 1);
  const glued = /^([\w-]+):\S/.exec(word)?.[1];
  if (glued !== undefined) return { offset, message: `there is no space after ${quote(`${glued}:`)}` };
  return { offset, message: `${quote(line)} is no "key: value"; is a colon missing after ${quote(word)}?` };
}

function unclosedQuote({ tokens }: YamlText): NodeFault | undefined {
  const open = allTokens(tokens).find(
    (token) =>
      (token.type === 'double-quoted-scalar' || token.type === 'single-quoted-scalar') &&
      (token.source.length === 1 || token.source.at(-1) !== token.source[0]),
  );
  return open && { offset: open.offset, message: 'this quotation mark has no second one' };
}

function unclosedBracket({ tokens, text, lineOf }: YamlText, offset: number): NodeFault | undefined {
  const open = allTokens(tokens).find(
    (token) => token.type === 'flow-collection' && !token.end.some(({ type }) => /^flow-(map|seq)-end$/.test(type)),
  );
  if (open === undefined) return undefined;
  const message = `this ${quote(text[open.offset])} is not closed`;
  const next = lineOf(offset);
  return next === lineOf(open.offset)
    ? { offset: open.offset, message }
    : { offset: open.offset, message, hint: `Close it before line ${next}.` };
}

/** In the order of the text. Its depth is known to be small. */
function allTokens(tokens: readonly CST.Token[]): CST.Token[] {
  return tokens.flatMap((token) => [token, ...allTokens(childrenOf(token))]);
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!CST.isCollection(token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((child) => child != null));
}
