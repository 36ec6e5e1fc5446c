/** What the tab key offers in `sglab shell`. Pure. */
import type { Command } from 'commander';
import { quote } from 'shell-quote';
import { splitWords } from '../../changes/split-words.js';
import { commands, complete } from '../completion/complete.js';
import type { Vocabulary } from '../completion/vocabulary.js';
import { OWN_WORDS, withoutPrefix } from './meaning.js';

/** @returns words that can stand at the end of the line, and the part of it that each would replace */
export function completeLine(program: Command, line: string, vocabulary: Vocabulary): [string[], string] {
  const fragment = /\S*$/.exec(line)?.[0] ?? '';
  const found = wordsAfter(program, line.slice(0, line.length - fragment.length), fragment, vocabulary);
  const hits = found.filter((word) => word.startsWith(fragment)).map((word) => quote([word]));
  return [hits.length === 1 ? hits.map((hit) => `${hit} `) : hits, fragment];
}

function wordsAfter(program: Command, before: string, fragment: string, vocabulary: Vocabulary): readonly string[] {
  const typed = typedWords(before);
  if (typed === null) return [];
  const [first] = typed;
  const { machines } = vocabulary;
  if (first === undefined) return [...new Set([...OWN_WORDS, ...commands(program), ...machines])].sort();
  // Of a program inside a machine only its other ends are known.
  if (machines.includes(first) && !commands(program).includes(first)) return machines;
  return complete(program, typed, fragment, vocabulary).words;
}

/** @returns null inside of a quote */
function typedWords(text: string): readonly string[] | null {
  try {
    return withoutPrefix(splitWords(text));
  } catch {
    return null;
  }
}
