import type { Cloud } from '../cloud/types.js';

const cache = new WeakMap<Cloud['securityGroups'], Map<number, string>>();

/** Rule ids by the index that the kernel carries; computed once per set of groups. */
export function rulesByIndex(cloud: Cloud): ReadonlyMap<number, string> {
  const known = cache.get(cloud.securityGroups);
  if (known) return known;
  const rules = Object.values(cloud.securityGroups).flatMap((group) => group.rules);
  const made = new Map(rules.map((rule) => [rule.index, rule.id]));
  cache.set(cloud.securityGroups, made);
  return made;
}
