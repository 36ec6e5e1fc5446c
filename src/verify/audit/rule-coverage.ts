/** Compares the traffic and the peers that rules cover. */

import { blocksOf } from '../../cloud/groups/members.js';
import { peerIdentity } from '../../cloud/groups/rules.js';
import type { Direction, Peer, SecurityGroup, SecurityGroupRule } from '../../cloud/groups/types.js';
import { byId } from '../../cloud/lookup.js';
import { type Cidr, cidrContainsCidr, parseCidr } from '../../cloud/network/cidr.js';
import { vpcBlocks } from '../../cloud/network/vpc-blocks.js';
import type { Cloud } from '../../cloud/types.js';

export type RuleTraffic = Pick<SecurityGroupRule, 'protocol' | 'fromPort' | 'toPort'>;

/** One packet that the rule admits, in a probe's notation: the first port of a range; for ICMP, a ping if possible. */
export function sampleTraffic(rule: RuleTraffic, preferred: readonly number[] = []): string {
  const { protocol, fromPort } = rule;
  if (protocol === '-1') return `tcp/${preferred[0] ?? 443}`;
  if (fromPort === null) return protocol;
  if (protocol === 'icmp' || protocol === 'icmpv6') {
    return fromPort === -1 ? protocol : `${protocol}/${fromPort}/${Math.max(rule.toPort ?? 0, 0)}`;
  }
  const port = preferred.find((each) => admitsPort(rule, protocol, each)) ?? Math.max(fromPort, 1);
  return `${protocol}/${port}`;
}

/** Whether the traffic includes that port of tcp or udp. */
export function admitsPort({ protocol, fromPort, toPort }: RuleTraffic, of: string, port: number): boolean {
  if (protocol === '-1') return true;
  return protocol === of && fromPort !== null && toPort !== null && fromPort <= port && port <= toPort;
}

/** How many ports of TCP or UDP; 0 for a protocol without ports. */
export function portCount({ protocol, fromPort, toPort }: RuleTraffic): number {
  if ((protocol !== 'tcp' && protocol !== 'udp') || fromPort === null || toPort === null) return 0;
  return toPort - fromPort + 1;
}

/** Whether `outer` includes all of `inner`. */
export function coversTraffic(outer: RuleTraffic, inner: RuleTraffic): boolean {
  if (outer.protocol === '-1') return true;
  if (outer.protocol !== inner.protocol) return false;
  if (outer.fromPort === null || outer.toPort === null) return true;
  if (inner.fromPort === null || inner.toPort === null) return false;
  if (outer.protocol === 'icmp' || outer.protocol === 'icmpv6') {
    const isEveryCode = outer.toPort === -1 || outer.toPort === inner.toPort;
    return outer.fromPort === -1 || (outer.fromPort === inner.fromPort && isEveryCode);
  }
  return outer.fromPort <= inner.fromPort && inner.toPort <= outer.toPort;
}

/** Whether some packet is in both. */
export function overlapsTraffic(a: RuleTraffic, b: RuleTraffic): boolean {
  if (coversTraffic(a, b) || coversTraffic(b, a)) return true;
  if (a.protocol !== b.protocol || portCount(a) === 0 || portCount(b) === 0) return false;
  return (a.fromPort ?? 0) <= (b.toPort ?? 0) && (b.fromPort ?? 0) <= (a.toPort ?? 0);
}

/** The blocks of all rules' peers. */
export function eachPeerBlock(cloud: Cloud): Cidr[] {
  return Object.values(cloud.securityGroups).flatMap(({ rules }) => rules.flatMap(({ peer }) => blocksOf(cloud, peer)));
}

/** Whether `outer` includes every peer of `inner`, also after later changes of a group's members. */
export function coversPeer(cloud: Cloud, outer: Peer, inner: Peer): boolean {
  if (peerIdentity(outer) === peerIdentity(inner)) return true;
  const wide = blocksOf(cloud, outer);
  const narrow = inner.type === 'group' ? blocksOfGroup(cloud, inner.groupId) : blocksOf(cloud, inner);
  return narrow.length > 0 && narrow.every((block) => wide.some((other) => cidrContainsCidr(other, block)));
}

/** Whether the outer rule admits all that the inner one admits. */
export function coversRule(cloud: Cloud, outer: SecurityGroupRule, inner: SecurityGroupRule): boolean {
  return (
    outer.direction === inner.direction && coversTraffic(outer, inner) && coversPeer(cloud, outer.peer, inner.peer)
  );
}

/** A group's members have addresses in the blocks of its VPC. */
function blocksOfGroup(cloud: Cloud, groupId: string): Cidr[] {
  return vpcBlocks(byId(cloud.vpcs, byId(cloud.securityGroups, groupId).vpcId)).map(parseCidr);
}

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

/** Longest prefixes that count as the world: no organisation is given as much; two halves of everything are the world, too. */
const WORLD: Readonly<Record<Cidr['family'], number>> = { ipv4: 7, ipv6: 16 };

/** Addresses that no machine on the internet has (IANA's special-purpose registries). */
export const NOT_INTERNET = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
  '::/128',
  '::1/128',
].map(parseCidr);

/** Instance metadata, DNS and time answer here, although no machine has such an address. */
const LINK_LOCAL = parseCidr('169.254.0.0/16');

export function isNotInternet(block: Cidr): boolean {
  return NOT_INTERNET.some((special) => cidrContainsCidr(special, block));
}

export function isLinkLocal(block: Cidr): boolean {
  return cidrContainsCidr(LINK_LOCAL, block);
}

export function isWorld(block: Cidr): boolean {
  return block.prefixLength <= WORLD[block.family] && !isNotInternet(block);
}

/** The blocks of the rule's peer that are the world, including those of a prefix list. */
export function worldBlocks(cloud: Cloud, rule: Pick<SecurityGroupRule, 'peer'>): Cidr[] {
  return blocksOf(cloud, rule.peer).filter(isWorld);
}
