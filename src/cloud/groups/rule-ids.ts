import { CloudError } from '../errors.js';
import { isId } from '../ids.js';
import { hintFor } from '../text/nearest-word.js';
import { printable } from '../text/quote.js';
import type { SecurityGroup } from './types.js';

/** The group's rules that a word means: a rule's id, or a description. Throws CloudError when there is none. */
export function ruleIdsFor(group: SecurityGroup, word: string): string[] {
  if (isId('sgr', word)) return [word];
  const found = group.rules.filter((rule) => rule.description === word);
  if (found.length > 0) return found.map((rule) => rule.id);
  const descriptions = group.rules.flatMap((rule) => rule.description ?? []);
  throw new CloudError(
    'InvalidSecurityGroupRuleId.NotFound',
    `group ${group.name} has no rule described as '${printable(word)}'`,
    hintFor(word, descriptions) ?? 'Write the id of a rule (sgr-…) or its description.',
  );
}
