import type { Direction, SecurityGroup, SecurityGroupRule } from '../../cloud/groups/types.js';
import type { Cloud } from '../../cloud/types.js';

export interface RuleOfGroup {
  readonly group: SecurityGroup;
  readonly rule: SecurityGroupRule;
}

/** Every rule of every group, of one direction or of both. */
export function eachRule(cloud: Cloud, direction?: Direction): RuleOfGroup[] {
  return Object.values(cloud.securityGroups).flatMap((group) =>
    group.rules
      .filter((rule) => direction === undefined || rule.direction === direction)
      .map((rule) => ({ group, rule })),
  );
}
