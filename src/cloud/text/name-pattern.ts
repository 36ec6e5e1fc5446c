/** `web-*`: one word for the names of several machines. */

/** Names have none of these characters. */
export function isPattern(word: string): boolean {
  return /[*?]/.test(word);
}

/** The names that a word means, in their order: `*` is any text, `?` any character. */
export function namesMatching(names: readonly string[], pattern: string): string[] {
  const source = pattern.replace(/[^*?]/g, (char) => char.replace(/[\\^$.|+()[\]{}]/, '\\$&'));
  const whole = new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`);
  return names.filter((name) => whole.test(name));
}
