/** Command lines that change a lab, as people type them, lessons list them and submissions hold them. */
import { CloudError } from '../cloud/errors.js';
import { quote } from '../cloud/text/quote.js';
import { hintFor } from '../cloud/text/suggest.js';
import { splitWords, withoutPrefix } from './split-words.js';
import { COMMANDS, type Mutation } from './verbs.js';

/**
 * Reads `sudo sglab authorize db tcp/3306 from web`, with or without `sudo sglab`. Throws SglabError.
 * @param parseStep reads the step of a scenario file after `change`
 */
export function parseCommandLine(line: string, parseStep: (text: string) => Mutation): Mutation {
  return parseCommandWords(withoutPrefix(splitWords(line)), parseStep);
}

/** The same of words that a shell has taken apart. */
export function parseCommandWords(all: readonly string[], parseStep: (text: string) => Mutation): Mutation {
  const line = all.join(' ');
  const change = { usage: "change 'STEP'", least: 1, parse: (words: readonly string[]) => parseStep(words.join(' ')) };
  const [verb = '', ...words] = withoutLab(all);
  const command = verb === 'change' ? change : COMMANDS.get(verb);
  if (command === undefined) {
    const known = [...COMMANDS.keys(), 'change'];
    const hint = hintFor(verb, known) ?? `valid: ${known.join(', ')}`;
    throw invalid(`${quote(line)} is not a command that changes a lab`, hint);
  }
  if (words.length < command.least) throw invalid(`${quote(line)} is not complete`, `Write ${command.usage}.`);
  return command.parse(words);
}

/** The reader of the line decides which lab is meant. */
function withoutLab(words: readonly string[]): string[] {
  return words.filter((word, at) => word !== '--lab' && words[at - 1] !== '--lab');
}

function invalid(message: string, hint: string): CloudError {
  return new CloudError('InvalidParameterValue', message, hint);
}
