import { CST, Parser } from 'yaml';

/** Levels of mappings and lists; a scenario needs about ten. */
const MAX_DEPTH = 64;

/**
 * Whether the text nests deeper than any scenario. Asked first and without recursion, since a few thousand brackets
 * are enough to end the whole process in the library's recursive half: the engine aborts when it has to compile a
 * regular expression on an exhausted stack.
 */
export function isNestedTooDeeply(text: string): boolean {
  let level: CST.Token[] = [...new Parser().parse(text)];
  for (let depth = 0; depth < MAX_DEPTH; depth++) level = level.flatMap(childrenOf);
  return level.length > 0;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!CST.isCollection(token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((child) => child != null));
}
