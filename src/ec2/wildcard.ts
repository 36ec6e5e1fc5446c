type Token = { readonly any: 'text' } | { readonly any: 'character' } | { readonly is: string };

/**
 * `*` is any text, `?` any character, and a backslash takes their meaning from them; one at the end stands for itself. Not a
 * regular expression: several `*` would make it try every way to divide a text.
 * @returns whether a whole text matches, in at most length × length of the pattern steps
 */
export function wildcard(pattern: string): (text: string) => boolean {
  const tokens = tokensOf(pattern);
  return (text) => matches(tokens, [...text]);
}

function tokensOf(pattern: string): Token[] {
  const words = pattern.match(/\\[\s\S]|[\s\S]/gu) ?? [];
  return words.map((word) => {
    if (word === '*') return { any: 'text' };
    if (word === '?') return { any: 'character' };
    return { is: word.length > 1 && word.startsWith('\\') ? word.slice(1) : word };
  });
}

/** Only the last `*` can need another try: whatever an earlier one could take, the last one can take as well. */
function matches(tokens: readonly Token[], text: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  let star: { readonly token: number; from: number } | null = null;
  while (at < text.length) {
    const token = tokens[next];
    if (token !== undefined && 'any' in token && token.any === 'text') {
      star = { token: next, from: at };
      next += 1;
    } else if (token !== undefined && ('any' in token || token.is === text[at])) {
      at += 1;
      next += 1;
    } else if (star !== null) {
      star.from += 1;
      at = star.from;
      next = star.token + 1;
    } else {
      return false;
    }
  }
  return tokens.slice(next).every((token) => 'any' in token && token.any === 'text');
}
