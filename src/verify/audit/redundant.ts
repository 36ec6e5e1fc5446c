/** SGA010: rules that admit only what another rule admits, too. */

import { groupInterfaces } from '../../cloud/groups/members.js';
import type { SecurityGroup, SecurityGroupRule } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import { coversRule, eachRule, type RuleOfGroup, sampleTraffic, worldBlocks } from './rule-coverage.js';
import { unreachableReason } from './rules-without-peers.js';
import type { Finding } from './types.js';

export function redundantRules(cloud: Cloud): Finding[] {
  const all = eachRule(cloud);
  return all.flatMap((narrow) => {
    // A rule that admits nothing at all is another finding.
    if (unreachableReason(cloud, narrow) !== null) return [];
    const wide = all.find((other) => isWider(cloud, other, narrow));
    return wide === undefined ? [] : [redundant(cloud, narrow, wide)];
  });
}

/** The older of two rules that admit the same stays. */
function isWider(cloud: Cloud, wide: RuleOfGroup, narrow: RuleOfGroup): boolean {
  if (isDefaultEgress(cloud, narrow.rule) && wide.group.id !== narrow.group.id) return false;
  if (wide.rule.id === narrow.rule.id || !coversRule(cloud, wide.rule, narrow.rule)) return false;
  if (coversRule(cloud, narrow.rule, wide.rule) && isOnAll(cloud, wide.group, narrow.group)) {
    if (wide.rule.index > narrow.rule.index) return false;
  }
  return isOnAll(cloud, narrow.group, wide.group);
}

/** AWS adds this rule to every new group, so that its repetition on an interface is nobody's mistake. */
function isDefaultEgress(cloud: Cloud, rule: SecurityGroupRule): boolean {
  return rule.direction === 'egress' && rule.protocol === '-1' && worldBlocks(cloud, rule).length > 0;
}

/** Whether every interface of one group has the other group, too. */
function isOnAll(cloud: Cloud, group: SecurityGroup, other: SecurityGroup): boolean {
  if (group.id === other.id) return true;
  const members = groupInterfaces(cloud, group.id);
  return members.length > 0 && members.every(({ groupIds }) => groupIds.includes(other.id));
}

function redundant(cloud: Cloud, narrow: RuleOfGroup, wide: RuleOfGroup): Finding {
  const { group, rule } = narrow;
  const elsewhere = wide.group.id === group.id ? '' : ` of ${wide.group.name}, which every member has too`;
  const listens = groupInterfaces(cloud, group.id).flatMap(({ instanceId }) =>
    byId(cloud.instances, instanceId).listen.flatMap((listener) =>
      listener.protocol === rule.protocol && 'port' in listener ? [listener.port] : [],
    ),
  );
  return {
    kind: 'redundant-rule',
    groupId: group.id,
    rule,
    explanation: `"${ruleText(cloud, rule)}" of ${group.name} admits nothing that "${ruleText(cloud, wide.rule)}"${elsewhere} (${wide.rule.id}) does not admit: removing or narrowing one of them alone changes nothing`,
    remedy: 'Remove it, or narrow the wider rule if this one is what was meant',
    claim: { type: 'admitted-by', groupId: group.id, rule, by: wide.rule, traffic: sampleTraffic(rule, listens) },
  };
}
