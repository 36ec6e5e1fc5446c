import type { Completions } from './complete.js';
import type { Vocabulary } from './vocabulary.js';

type Words = (vocabulary: Vocabulary, index: number) => readonly string[];

const ends: Words = ({ machines, interfaces }) => [...machines, ...interfaces];
const rule: Words = ({ groups, traffic }, index) =>
  [traffic, ['from', 'to'], [...groups, '0.0.0.0/0', '::/0']][index] ?? [];

/** What can stand where a command's usage says `<from>`, `[lab]` or `<rule...>`; `<rule>` alone is a rule's id. */
const WORDS: Readonly<Record<string, Words>> = {
  from: ends,
  to: ends,
  machine: ({ machines }) => machines,
  instance: ends,
  name: ends,
  group: ({ groups }) => groups,
  lab: ({ labs }) => labs,
  'file-or-lab': ({ labs }) => labs,
  source: ({ labs }) => labs,
  what: ({ traffic }) => traffic,
  'rule...': rule,
  'words...': rule,
  family: () => ['ipv4', 'ipv6'],
  severity: () => ['critical', 'high', 'medium', 'low'],
  format: () => ['scenario', 'aws'],
  shell: () => ['bash', 'zsh'],
  duration: () => ['30s', '10m', '2h', '5d'],
};

const FILES: readonly string[] = ['file', 'file-or-lab', 'source'];

/** @param index how many words of a variadic argument stand before */
export function placeWords(place: string, index: number, vocabulary: Vocabulary): Completions {
  const one = place.replace('...', '');
  const words = WORDS[place] ?? WORDS[one];
  return { words: words?.(vocabulary, index) ?? [], files: FILES.includes(one) };
}
