import { closest, distance } from 'fastest-levenshtein';

const MAX_LENGTH = 64;

/** The valid word that a mistyped one probably meant, or null: `ingres` -> `ingress`. */
export function nearestMatch(word: string, candidates: readonly string[]): string | null {
  if (candidates.length === 0 || word.length > MAX_LENGTH) return null;
  const sameButCase = candidates.find((candidate) => candidate.toLowerCase() === word.toLowerCase());
  if (sameButCase !== undefined) return sameButCase;
  const nearest = closest(word, [...candidates]);
  const tolerance = Math.max(1, Math.floor(Math.min(word.length, nearest.length) / 3));
  return distance(word, nearest) <= tolerance || isTransposed(word, nearest) ? nearest : null;
}

/** `tpc` for `tcp`: one slip of the fingers, but two edits. */
function isTransposed(word: string, other: string): boolean {
  const sorted = (text: string) => [...text].sort().join('');
  return distance(word, other) === 2 && sorted(word) === sorted(other);
}

/** The remedy for an unknown word: the nearest one, else all of them if they are few. */
export function hintFor(word: string, candidates: readonly string[]): string | undefined {
  const suggestion = suggestMatch(word, candidates);
  if (suggestion !== undefined) return suggestion;
  const words = [...new Set(candidates)];
  return words.length > 0 && words.length <= 12 ? `valid: ${words.join(', ')}` : undefined;
}

/** `did you mean "ingress"?`, or nothing if no word is near. */
export function suggestMatch(word: string, candidates: readonly string[]): string | undefined {
  const nearest = nearestMatch(word, candidates);
  return nearest === null ? undefined : `did you mean ${JSON.stringify(nearest)}?`;
}
