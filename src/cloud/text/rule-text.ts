import { byId } from '../by-id.js';
import { peerIdentity, type RuleBody } from '../groups/rule-spec.js';
import type { Peer } from '../groups/types.js';
import type { Cloud } from '../types.js';

/** The rule as AWS writes it in `InvalidPermission.Duplicate` (LIVE): `peer: 0.0.0.0/0, TCP, from port: 22, …`. */
export function awsRuleText(rule: RuleBody): string {
  return `peer: ${peerIdentity(rule.peer)}, ${awsTraffic(rule)}, ALLOW`;
}

/** The rule as people say it, and as parseRuleWords reads it: `tcp/443 from 0.0.0.0/0`, `all traffic to web`. */
export function ruleText(cloud: Cloud, rule: RuleBody): string {
  return `${trafficText(rule)} ${rule.direction === 'ingress' ? 'from' : 'to'} ${peerName(cloud, rule.peer)}`;
}

/** `tcp/443`, `tcp/7000-8000`, `icmp/8/-1`, `47`; `all traffic`, as the console calls protocol -1. */
export function trafficText({
  protocol,
  fromPort,
  toPort,
}: Pick<RuleBody, 'protocol' | 'fromPort' | 'toPort'>): string {
  if (protocol === '-1') return 'all traffic';
  if (fromPort === null) return protocol;
  if (protocol === 'icmp' || protocol === 'icmpv6') return `${protocol}/${fromPort}/${toPort}`;
  return fromPort === toPort ? `${protocol}/${fromPort}` : `${protocol}/${fromPort}-${toPort}`;
}

/** The block, or the name of the group or prefix list. */
export function peerName(cloud: Cloud, peer: Peer): string {
  if (peer.type === 'cidr') return peer.cidr;
  return peer.type === 'group'
    ? byId(cloud.securityGroups, peer.groupId).name
    : byId(cloud.prefixLists, peer.prefixListId).name;
}

function awsTraffic({ protocol, fromPort, toPort }: RuleBody): string {
  if (protocol === '-1') return 'ALL';
  if (protocol === 'tcp' || protocol === 'udp')
    return `${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}`;
  if (fromPort === null) return `protocol: ${protocol}`;
  return `${protocol.toUpperCase()}, type: ${allOr(fromPort)}, code: ${allOr(toPort)}`;
}

function allOr(value: number | null): string {
  return value === -1 || value === null ? 'ALL' : String(value);
}
