/** SGA015: databases that may call the whole world, which is how stolen data leaves. */

import { groupInterfaces } from '../../cloud/groups/members.js';
import type { SecurityGroup } from '../../cloud/groups/types.js';
import { kindOfInterface } from '../../cloud/instances/kinds.js';
import { ruleWords } from '../../cloud/text/rule-text.js';
import type { Cloud } from '../../cloud/types.js';
import { worldBlocks } from './blocks.js';
import { eachRule } from './each-rule.js';
import { DATABASE_PORTS } from './ports.js';
import { admitsPort, portCount, sampleTraffic } from './reach.js';
import type { Finding } from './types.js';

/** More than the ports of one database. */
const FEW_PORTS = 10;

export function databaseEgress(cloud: Cloud): Finding[] {
  return eachRule(cloud, 'egress')
    .filter(({ group, rule }) => isWide(cloud, rule) && isOfDatabase(cloud, group))
    .map(({ group, rule }) => ({
      kind: 'database-egress',
      groupId: group.id,
      rule,
      explanation: `${group.name} is a database's group, and "${ruleWords(cloud, rule)}" lets it connect to anybody`,
      remedy: 'Remove it: answers to clients leave without a rule',
      claim: { type: 'passes', groupId: group.id, rule, traffic: sampleTraffic(rule, [443]), outside: true },
    }));
}

function isWide(cloud: Cloud, rule: SecurityGroup['rules'][number]): boolean {
  return worldBlocks(cloud, rule).length > 0 && (rule.protocol === '-1' || portCount(rule) > FEW_PORTS);
}

/** A managed database has it, or it admits the port of one and little else. */
function isOfDatabase(cloud: Cloud, group: SecurityGroup): boolean {
  if (groupInterfaces(cloud, group.id).some((eni) => kindOfInterface(cloud, eni) === 'rds')) return true;
  return group.rules.some(
    (rule) =>
      rule.direction === 'ingress' &&
      portCount(rule) > 0 &&
      portCount(rule) <= FEW_PORTS &&
      DATABASE_PORTS.some(({ protocol, port }) => admitsPort(rule, protocol, port)),
  );
}
