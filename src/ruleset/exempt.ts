import type { Direction, Family } from '../cloud/groups/types.js';
import { byId } from '../cloud/lookup.js';
import { nthAddress, parseCidr } from '../cloud/network/cidr.js';
import { METADATA, RESOLVER, TIME, vpcResolver } from '../cloud/network/link-local.js';
import type { Subnet, Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { type NamedSet, namedSet } from './ruleset.js';

/** Neighbour discovery from a neighbour: a router would have lowered the hop limit. It passes without rules (S33). */
export const NEIGHBOUR_DISCOVERY =
  'ip6 hoplimit 255 icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect }';

/** Membership reports that every kernel sends by itself; AWS has no multicast, and no probe sends them. */
export const MEMBERSHIP_NOISE: readonly string[] = [
  'ip protocol igmp drop',
  'icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } drop',
];

export const DHCP_REQUEST = 'ip daddr 255.255.255.255 udp sport 68 udp dport 67';
export const DHCP_ANSWER = 'ip saddr @router4 udp sport 67 udp dport 68';

// Errors that come from a router are judged like all ICMP errors; otherwise path MTU discovery would need no rule
// (S82).
const ICMP_ERRORS: Readonly<Record<Family, string>> = {
  ipv4: 'icmp type != { destination-unreachable, source-quench, redirect, time-exceeded, parameter-problem }',
  ipv6: 'icmpv6 type != { destination-unreachable, packet-too-big, time-exceeded, parameter-problem }',
};

const SERVICE_KEY: Readonly<Record<Family, string>> = {
  ipv4: 'ipv4_addr . inet_proto . inet_service',
  ipv6: 'ipv6_addr . inet_proto . inet_service',
};

/** The services of the VPC's router itself: the resolver, metadata, time. */
export function servedSet(name: string, family: Family, vpc: Vpc, more: readonly string[] = []): NamedSet {
  const resolvers = [...(family === 'ipv4' ? vpcResolver(vpc) : []), RESOLVER[family]];
  return namedSet(name, SERVICE_KEY[family], [
    ...resolvers.flatMap((address) => [`${address} . udp . 53`, `${address} . tcp . 53`]),
    `${METADATA[family]} . tcp . 80`,
    `${TIME[family]} . udp . 123`,
    ...more,
  ]);
}

/** ECS task metadata and licence activation are exempt, though sglab does not serve them. */
const UNSERVED = ['169.254.170.2 . tcp . 80', '169.254.169.250 . tcp . 1688', '169.254.169.251 . tcp . 1688'];

/** Services that neither groups nor network ACLs filter (4.7, S87–S90): the resolver, metadata, time, licences. */
export function exemptSets(cloud: Cloud, subnet: Subnet, family: Family): NamedSet[] {
  const vpc = byId(cloud.vpcs, subnet.vpcId);
  if (family === 'ipv4') {
    const router = nthAddress(parseCidr(subnet.cidr), 1n);
    return [servedSet('exempt4', family, vpc, UNSERVED), namedSet('router4', 'ipv4_addr', [router])];
  }
  const router = subnet.ipv6Cidr === null ? [] : [nthAddress(parseCidr(subnet.ipv6Cidr), 1n)];
  return [servedSet('exempt6', family, vpc), namedSet('router6', 'ipv6_addr', [...router, 'fe80:ec2::1'])];
}

/** Statements that pass exempt packets of a direction before any rule is evaluated. */
export function exemptions(direction: Direction, family: Family): string[] {
  const [ip, n] = family === 'ipv4' ? ['ip', 4] : ['ip6', 6];
  const outward = direction === 'egress';
  const [address, port] = outward ? ['daddr', 'dport'] : ['saddr', 'sport'];
  const router = `${ip} ${address} @router${n}`;
  return [
    `${ip} ${address} . meta l4proto . th ${port} @exempt${n} accept`,
    `${router} meta l4proto != { icmp, ipv6-icmp } accept`,
    `${router} ${ICMP_ERRORS[family]} accept`,
    ...(outward && family === 'ipv4' ? [`${DHCP_REQUEST} accept`] : []),
    ...(family === 'ipv6' ? [`${NEIGHBOUR_DISCOVERY} accept`] : []),
    ...MEMBERSHIP_NOISE.filter((statement) => statement.startsWith(family === 'ipv4' ? 'ip ' : 'icmpv6 ')),
  ];
}
