import type { Direction, Family } from '../cloud/groups/types.js';
import { byId } from '../cloud/lookup.js';
import { nthAddress, parseCidr } from '../cloud/network/cidr.js';
import { LINK_LOCAL, METADATA, RESOLVER, TIME, vpcResolver } from '../cloud/network/link-local.js';
import type { Subnet, Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { type NamedSet, namedSet } from './ruleset.js';

export const NEIGHBOUR_DISCOVERY =
  'ip6 hoplimit 255 icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, nd-redirect }';

/** Addresses that mean something on one link only. No router forwards a packet from or to one of them. */
const ON_LINK = 'fe80::/10, ff02::/16';

/** What an interface says on its link before it uses an address, or about one that is the link's (S121). */
export const LINK_SOURCE = `${NEIGHBOUR_DISCOVERY} ip6 saddr { ::, fe80::/10 } ip6 daddr { ${ON_LINK} }`;
/** What the router says to whoever is on the link. */
export const LINK_DESTINATION = `${NEIGHBOUR_DISCOVERY} ip6 daddr { ${ON_LINK} }`;

/**
 * Neighbour discovery between an interface and the router of its link needs no rule (S33, S121). A packet of these
 * types for anybody else is judged as any ICMPv6.
 */
const NEIGHBOUR_DISCOVERY_OF_CARD: Readonly<Record<Direction, readonly string[]>> = {
  egress: [`${NEIGHBOUR_DISCOVERY} ip6 daddr { ${ON_LINK} }`, `${NEIGHBOUR_DISCOVERY} ip6 daddr @router6`],
  ingress: [`${NEIGHBOUR_DISCOVERY} ip6 saddr fe80::/10`, `${NEIGHBOUR_DISCOVERY} ip6 saddr @router6`],
};

/** Membership reports that every kernel sends by itself, to a group of receivers: AWS has no multicast. */
export const MEMBERSHIP_NOISE: readonly string[] = [
  'ip daddr 224.0.0.0/4 ip protocol igmp drop',
  'ip6 daddr ff00::/8 icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } drop',
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

/** Sources that no packet between two networks has: "this host", loopback, multicast, and the link's own. */
export const UNROUTABLE_SOURCES: Readonly<Record<Family, readonly string[]>> = {
  ipv4: ['0.0.0.0/8', '127.0.0.0/8', LINK_LOCAL.ipv4, '224.0.0.0/3'],
  ipv6: ['::/127', LINK_LOCAL.ipv6, 'fe80::/10', 'ff00::/8'],
};

/**
 * The sources of packets that the VPC's router forwards for nobody: unroutable ones, its own and those of its services
 * (S120). So an exempt address at a card is what the router itself sent.
 */
export function routersOwnSets(cloud: Cloud, vpc: Vpc): NamedSet[] {
  const subnets = Object.values(cloud.subnets).filter(({ vpcId }) => vpcId === vpc.id);
  const first = (block: string | null) => (block === null ? [] : [nthAddress(parseCidr(block), 1n)]);
  const ipv4 = [...UNROUTABLE_SOURCES.ipv4, ...vpcResolver(vpc), ...subnets.flatMap(({ cidr }) => first(cidr))];
  const ipv6 = [...UNROUTABLE_SOURCES.ipv6, ...subnets.flatMap(({ ipv6Cidr }) => first(ipv6Cidr))];
  return [
    namedSet('routers-own4', 'ipv4_addr', new Set(ipv4), ['interval']),
    namedSet('routers-own6', 'ipv6_addr', new Set(ipv6), ['interval']),
  ];
}

/** Statements that pass exempt packets of a direction before any rule is evaluated. */
export const EXEMPTIONS: Readonly<Record<Direction, Readonly<Record<Family, readonly string[]>>>> = {
  egress: { ipv4: exemptions('egress', 'ipv4'), ipv6: exemptions('egress', 'ipv6') },
  ingress: { ipv4: exemptions('ingress', 'ipv4'), ipv6: exemptions('ingress', 'ipv6') },
};

function exemptions(direction: Direction, family: Family): string[] {
  const [ip, n] = family === 'ipv4' ? ['ip', 4] : ['ip6', 6];
  const outward = direction === 'egress';
  const [address, port] = outward ? ['daddr', 'dport'] : ['saddr', 'sport'];
  const router = `${ip} ${address} @router${n}`;
  return [
    `${ip} ${address} . meta l4proto . th ${port} @exempt${n} accept`,
    `${router} meta l4proto != { icmp, ipv6-icmp } accept`,
    `${router} ${ICMP_ERRORS[family]} accept`,
    ...(outward && family === 'ipv4' ? [`${DHCP_REQUEST} accept`] : []),
    ...(family === 'ipv6' ? NEIGHBOUR_DISCOVERY_OF_CARD[direction].map((match) => `${match} accept`) : []),
    ...MEMBERSHIP_NOISE.filter((statement) => statement.startsWith(`${ip} `)),
  ];
}
