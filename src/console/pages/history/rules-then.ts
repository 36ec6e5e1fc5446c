/** The rules of a moment beside those of now. Pure. */
import { ruleText } from '../../../cloud/text/rule.js';
import type { Cloud } from '../../../cloud/types.js';

export interface RuleThen {
  readonly id: string;
  readonly group: string;
  readonly direction: 'Inbound' | 'Outbound';
  readonly rule: string;
  readonly description: string;
  readonly now: 'the same' | 'gone' | 'not there yet';
}

/** The rules that were there, then those that came since. */
export function rulesThen(then: Cloud, now: Cloud): RuleThen[] {
  const [old, current] = [rulesOf(then), rulesOf(now)];
  const isIn = (rules: readonly Rule[], { id }: Rule) => rules.some((rule) => rule.id === id);
  return [
    ...old.map((rule) => ({ ...rule, now: isIn(current, rule) ? ('the same' as const) : ('gone' as const) })),
    ...current.filter((rule) => !isIn(old, rule)).map((rule) => ({ ...rule, now: 'not there yet' as const })),
  ];
}

type Rule = Omit<RuleThen, 'now'>;

function rulesOf(cloud: Cloud): Rule[] {
  return Object.values(cloud.securityGroups).flatMap(({ name, rules }) =>
    rules.map((rule) => ({
      id: rule.id,
      group: name,
      direction: rule.direction === 'ingress' ? ('Inbound' as const) : ('Outbound' as const),
      rule: ruleText(cloud, rule),
      description: rule.description ?? '',
    })),
  );
}
