import { ruleWords } from '../cloud/rule-text.js';
import type { Cloud } from '../cloud/types.js';
import type { DescribeRule } from './words.js';

/** `sgr-0f12… (web: tcp/22 from 198.51.100.10/32 "SSH from the office")`; a rule that is gone is known from an earlier cloud. */
export function ruleDescriber(...clouds: readonly Cloud[]): DescribeRule {
  const rules = new Map(clouds.flatMap(describedRules));
  return (id) => rules.get(id) ?? id;
}

function describedRules(cloud: Cloud): (readonly [id: string, words: string])[] {
  return Object.values(cloud.securityGroups).flatMap((group) =>
    group.rules.map((rule) => {
      const description = rule.description === null ? '' : ` "${rule.description}"`;
      return [rule.id, `${rule.id} (${group.name}: ${ruleWords(cloud, rule)}${description})`] as const;
    }),
  );
}
