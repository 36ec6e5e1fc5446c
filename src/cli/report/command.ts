import { stringify } from 'yaml';
import type { Mutation } from '../../changes/mutation.js';
import { wordedRuleText } from '../../cloud/text/rule-words.js';
import { mutationStep } from '../../scenario/mutation-step.js';

const SAFE = /^[\w.:/,@%+-]+$/;

/**
 * The command line that makes the change in a running lab: what a person can paste into a shell.
 * @param lab null where only one is up
 */
export function commandFor(mutation: Mutation, lab: string | null): string {
  const option = lab === null ? [] : ['--lab', lab];
  return ['sudo', 'sglab', ...words(mutation), ...option].map(shellWord).join(' ');
}

function words(mutation: Mutation): string[] {
  if (mutation.type === 'authorize' || mutation.type === 'revoke') {
    const [rule, second] = mutation.rules;
    const isOne = rule !== undefined && second === undefined;
    if (isOne && !(mutation.type === 'revoke' && mutation.ruleIds.length > 0)) {
      const text = wordedRuleText(rule).replace(/^all traffic /, 'all ');
      return [mutation.type, mutation.group, ...text.split(' ')];
    }
  }
  if (mutation.type === 'attach' || mutation.type === 'detach')
    return [mutation.type, mutation.instance, mutation.group];
  return [
    'change',
    stringify(mutationStep(mutation), { collectionStyle: 'flow', lineWidth: 0 })
      .trim()
      .replace(/^\{ (.*) \}$/s, '$1'),
  ];
}

function shellWord(word: string): string {
  return SAFE.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
