/** Command lines that change a lab, as people type them, lessons list them and submissions hold them. */
import { authorizeByWords, modificationByWords, revokeByWords } from '../changes/change-words.js';
import type { Mutation } from '../changes/mutation.js';
import { splitWords } from '../changes/split-words.js';
import { withoutPrefix } from '../cli/shell/meaning.js';
import { CloudError } from '../cloud/errors.js';
import { hintFor } from '../cloud/text/nearest-word.js';
import { quote } from '../cloud/text/quote.js';
import { parseChange } from './parse-change.js';

type Reader = (words: readonly string[]) => Mutation;

const COMMANDS: Readonly<Record<string, { readonly usage: string; readonly least: number; readonly read: Reader }>> = {
  authorize: {
    usage: 'authorize GROUP RULE',
    least: 2,
    read: ([group = '', ...rule]) => authorizeByWords(group, rule.join(' ')),
  },
  revoke: {
    usage: 'revoke GROUP RULE',
    least: 2,
    read: ([group = '', ...rule]) => revokeByWords(group, rule.join(' ')),
  },
  modify: {
    usage: 'modify GROUP RULE NEW-RULE',
    least: 3,
    read: ([group = '', rule = '', ...words]) => modificationByWords(group, rule, words.join(' ')),
  },
  attach: {
    usage: 'attach INSTANCE GROUP',
    least: 2,
    read: ([instance = '', group = '']) => ({ type: 'attach', instance, group }),
  },
  detach: {
    usage: 'detach INSTANCE GROUP',
    least: 2,
    read: ([instance = '', group = '']) => ({ type: 'detach', instance, group }),
  },
  change: { usage: "change 'STEP'", least: 1, read: (words) => parseChange(words.join(' ')) },
};

/** Reads `sudo sglab authorize db tcp/3306 from web`, with or without `sudo sglab`. Throws SglabError. */
export function parseCommandLine(line: string): Mutation {
  const [verb = '', ...rest] = withoutLab(withoutPrefix(splitWords(line)));
  const command = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
  if (command === undefined) {
    const known = Object.keys(COMMANDS);
    throw invalid(
      `${quote(line)} is no command that changes a lab`,
      hintFor(verb, known) ?? `valid: ${known.join(', ')}`,
    );
  }
  if (rest.length < command.least) throw invalid(`${quote(line)} is not complete`, `Write ${command.usage}.`);
  return command.read(rest);
}

/** Which lab is meant is decided by whoever reads the line. */
function withoutLab(words: readonly string[]): string[] {
  return words.filter((word, at) => word !== '--lab' && words[at - 1] !== '--lab');
}

function invalid(message: string, hint: string): CloudError {
  return new CloudError('InvalidParameterValue', message, hint);
}
