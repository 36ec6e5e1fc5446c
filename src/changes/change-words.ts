/** Changes of security groups from the words of a command line. Each throws CloudError for words that are no rule. */

import { parseRuleWords } from '../cloud/text/rule-words.js';
import type { Mutation } from './mutation.js';

export function authorizeByWords(group: string, rule: string): Mutation {
  return { type: 'authorize', group, rules: [parseRuleWords(rule)] };
}

/** @param rule its words or its id */
export function revokeByWords(group: string, rule: string): Mutation {
  if (rule.startsWith('sgr-')) return { type: 'revoke', group, rules: [], ruleIds: [rule] };
  return { type: 'revoke', group, rules: [parseRuleWords(rule)], ruleIds: [] };
}

/** @param rule its id or description */
export function modificationByWords(group: string, rule: string, words: string): Mutation {
  const { description: _, ...to } = parseRuleWords(words);
  return { type: 'modify', group, rule, to };
}
