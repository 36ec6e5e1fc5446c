import { ANYTHING_ELSE, describeEntry, entryId } from '../cloud/text/network-acl-text.js';
import { ruleText } from '../cloud/text/rule.js';
import type { Cloud } from '../cloud/types.js';

/** Turns the id of a rule into what a person recognises: `sgr-0f… (web: tcp/22 from 198.51.100.10/32)`. */
export type DescribeRule = (id: string) => string;

/** `sgr-0f12… (web: tcp/22 from 198.51.100.10/32 "SSH from the office")`; a rule that is gone is known from an earlier cloud. */
export function ruleDescriber(...clouds: readonly Cloud[]): DescribeRule {
  const rules = new Map(clouds.flatMap((cloud) => [...describedRules(cloud), ...describedEntries(cloud)]));
  return (id) => rules.get(id) ?? id;
}

function describedRules(cloud: Cloud): (readonly [id: string, words: string])[] {
  return Object.values(cloud.securityGroups).flatMap((group) =>
    group.rules.map((rule) => {
      const description = rule.description === null ? '' : ` "${rule.description}"`;
      return [rule.id, `${rule.id} (${group.name}: ${ruleText(cloud, rule)}${description})`] as const;
    }),
  );
}

/** Both directions may have an entry of one number: then the text names both. */
function describedEntries(cloud: Cloud): (readonly [id: string, words: string])[] {
  return Object.values(cloud.networkAcls).flatMap((list) => {
    const numbers = [...new Set(list.entries.map(({ number }) => number))];
    return [
      [entryId(list, ANYTHING_ELSE), `${entryId(list, ANYTHING_ELSE)} (${list.name}: what no entry matches)`] as const,
      ...numbers.map((number) => {
        const same = list.entries.filter((entry) => entry.number === number);
        const id = entryId(list, number);
        return [id, `${id} (${same.map((entry) => describeEntry(list, entry)).join('; ')})`] as const;
      }),
    ];
  });
}
