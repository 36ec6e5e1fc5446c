import { stringify } from 'yaml';
import { mutationStep } from './mutation.js';
import { COMMANDS, type Mutation } from './verbs.js';

const SAFE = /^[\w.:/,@%+-]+$/;

/**
 * The command line that makes the change in a running lab, ready to be pasted into a shell.
 * @param lab null if only one lab is up
 */
export function commandFor(mutation: Mutation, lab: string | null): string {
  const option = lab === null ? [] : ['--lab', lab];
  return ['sudo', 'sglab', ...words(mutation), ...option].map(shellWord).join(' ');
}

function words(mutation: Mutation): readonly string[] {
  const own = COMMANDS.get(mutation.type)?.format?.(mutation) ?? null;
  if (own !== null) return [mutation.type, ...own];
  const step = stringify(mutationStep(mutation), { collectionStyle: 'flow', lineWidth: 0 }).trim();
  return ['change', step.replace(/^\{ (.*) \}$/s, '$1')];
}

function shellWord(word: string): string {
  return SAFE.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
