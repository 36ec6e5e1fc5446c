/** Where the rules of a running lab stand in the file that it was built from. */
import { ruleWords } from '../../cloud/text/rule-text.js';
import type { Cloud } from '../../cloud/types.js';

export type Lines = Readonly<Record<string, number>>;

/**
 * Those lines of a file whose VPC, group or rule still says what the lab's one of that id says: the file may have been
 * edited since, and the rule changed.
 */
export function linesInForce(cloud: Cloud, file: { readonly cloud: Cloud; readonly lines: Lines }): Lines {
  const now = textsById(cloud);
  const then = textsById(file.cloud);
  return Object.fromEntries(Object.entries(file.lines).filter(([id]) => now.has(id) && now.get(id) === then.get(id)));
}

function textsById(cloud: Cloud): Map<string, string> {
  const groups = Object.values(cloud.securityGroups);
  return new Map([
    ...Object.values(cloud.vpcs).map(({ id, name }) => [id, name] as const),
    ...groups.map(({ id, name }) => [id, name] as const),
    ...groups.flatMap(({ rules }) => rules.map((rule) => [rule.id, ruleWords(cloud, rule)] as const)),
  ]);
}
