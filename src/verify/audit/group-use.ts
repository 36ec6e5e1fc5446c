/** SGA009, SGA016 and SGA017: groups without members, and default groups. */

import { groupInterfaces } from '../../cloud/groups/members.js';
import type { SecurityGroup } from '../../cloud/groups/types.js';
import { byId, interfaceName } from '../../cloud/lookup.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import type { Claim, Finding } from './types.js';

const NO_MEMBER = 'no interface has the group, so no packet meets its rules';

export function groupUse(cloud: Cloud): Finding[] {
  return Object.values(cloud.securityGroups).flatMap((group) =>
    byId(cloud.vpcs, group.vpcId).defaultGroupId === group.id ? defaultGroup(cloud, group) : unused(cloud, group),
  );
}

/** A group without members is unused even if other rules refer to it: SGA012 reports those rules. */
function unused(cloud: Cloud, group: SecurityGroup): Finding[] {
  if (groupInterfaces(cloud, group.id).length > 0) return [];
  return [
    {
      kind: 'unused-group',
      groupId: group.id,
      rule: null,
      explanation: `no interface has the group ${group.name}`,
      remedy: `Delete ${group.name}: anyone who attaches it later gets rules that nobody has reviewed for a long time`,
      claim: { type: 'no-packet', reason: NO_MEMBER },
    },
  ];
}

function defaultGroup(cloud: Cloud, group: SecurityGroup): Finding[] {
  const members = groupInterfaces(cloud, group.id).map(({ id }) => interfaceName(cloud, id));
  const vpc = byId(cloud.vpcs, group.vpcId).name;
  const claim: Claim =
    members.length === 0
      ? { type: 'no-packet', reason: NO_MEMBER }
      : { type: 'acts', groupId: group.id, traffic: 'tcp/443' };
  const base = { groupId: group.id, rule: null, claim };
  const used: Finding = {
    ...base,
    kind: 'default-group-used',
    explanation: `${members.join(', ')} ${members.length === 1 ? 'has' : 'have'} the default group of VPC ${vpc}, which everything gets for which nobody chose a group`,
    remedy: 'Give each interface a group made for its purpose',
  };
  const rules: Finding = {
    ...base,
    kind: 'default-group-rules',
    explanation: `the default group of VPC ${vpc} has ${group.rules.map((rule) => `"${ruleText(cloud, rule)}"`).join(', ')}, in force for whatever is launched without a group`,
    remedy: 'Remove all of its rules, so that what is launched without a group can do nothing',
  };
  return [...(members.length > 0 ? [used] : []), ...(group.rules.length > 0 ? [rules] : [])];
}
