/** SGA006 to SGA008: rules that admit more ports or messages than any service needs. */

import type { SecurityGroupRule } from '../../cloud/groups/types.js';
import { ruleText } from '../../cloud/text/rule.js';
import type { Cloud } from '../../cloud/types.js';
import { eachRule, portCount, type RuleOfGroup, sampleTraffic, worldBlocks } from './rule-coverage.js';
import type { Finding } from './types.js';

/** Passive FTP and similar protocols manage with this many. */
const MANY_PORTS = 100;

/** The default of Linux's net.ipv4.ip_local_port_range. */
const EPHEMERAL = { first: 32768, last: 60999 } as const;

const REDIRECT: Readonly<Record<string, number>> = { icmp: 5, icmpv6: 137 };

export function wideRanges(cloud: Cloud): Finding[] {
  return eachRule(cloud, 'ingress').flatMap((each) => [
    ...broadRange(cloud, each),
    ...ephemeralRange(cloud, each),
    ...icmpRedirect(cloud, each),
  ]);
}

/**
 * Members of a group that trust each other with everything are a common, deliberate pattern: a reference to the group
 * itself is left out.
 */
function broadRange(cloud: Cloud, { group, rule }: RuleOfGroup): Finding[] {
  const isEverything = rule.protocol === '-1' && worldBlocks(cloud, rule).length === 0;
  const refersToItself = rule.peer.type === 'group' && rule.peer.groupId === group.id;
  if (refersToItself || (!isEverything && portCount(rule) <= MANY_PORTS)) return [];
  const what = isEverything ? 'every protocol and port' : `${portCount(rule)} ports`;
  return [
    {
      kind: 'broad-range',
      groupId: group.id,
      rule,
      explanation: `"${ruleText(cloud, rule)}" of ${group.name} admits ${what}`,
      remedy: 'Name the ports on which something listens, one rule each',
      claim: { type: 'passes', groupId: group.id, rule, traffic: sampleTraffic(rule, [4242, 8443]), outside: false },
    },
  ];
}

function ephemeralRange(cloud: Cloud, { group, rule }: RuleOfGroup): Finding[] {
  const { fromPort, toPort } = rule;
  const holdsAll = portCount(rule) > 0 && (fromPort ?? 0) <= EPHEMERAL.first && (toPort ?? 0) >= EPHEMERAL.last;
  if (!holdsAll) return [];
  return [
    {
      kind: 'ephemeral-range',
      groupId: group.id,
      rule,
      explanation:
        `"${ruleText(cloud, rule)}" of ${group.name} holds the ephemeral ports ${EPHEMERAL.first} to ${EPHEMERAL.last}: ` +
        'network ACLs need that for replies, but groups admit replies by themselves, so this only lets in strangers',
      remedy: 'Remove it, or name the ports on which something listens',
      claim: { type: 'passes', groupId: group.id, rule, traffic: `${rule.protocol}/40000`, outside: false },
    },
  ];
}

/** A message of that type changes the route of any receiver that believes it. */
function icmpRedirect(cloud: Cloud, { group, rule }: RuleOfGroup): Finding[] {
  if (!admitsRedirect(cloud, rule)) return [];
  return [
    {
      kind: 'icmp-redirect',
      groupId: group.id,
      rule,
      explanation: `"${ruleText(cloud, rule)}" of ${group.name} lets in redirects (type ${REDIRECT[rule.protocol]}), by which a stranger can divert traffic`,
      remedy: `Allow the types that are needed: ${rule.protocol === 'icmp' ? 'icmp/8/-1 for ping, icmp/3/4 for path MTU' : 'icmpv6/128/-1 for ping, icmpv6/2/-1 for path MTU'}`,
      claim: {
        type: 'passes',
        groupId: group.id,
        rule,
        traffic: `${rule.protocol}/${REDIRECT[rule.protocol]}/${Math.max(rule.toPort ?? 0, 0)}`,
        outside: worldBlocks(cloud, rule).length > 0,
      },
    },
  ];
}

/** The rule names the type for any peer, or admits all types from the world. */
function admitsRedirect(cloud: Cloud, rule: SecurityGroupRule): boolean {
  const redirect = REDIRECT[rule.protocol];
  if (redirect === undefined) return false;
  return rule.fromPort === redirect || (rule.fromPort === -1 && worldBlocks(cloud, rule).length > 0);
}
