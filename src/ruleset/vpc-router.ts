import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId } from '../cloud/lookup.js';
import { nthAddress, parseCidr } from '../cloud/network/cidr.js';
import { LINK_LOCAL } from '../cloud/network/link-local.js';
import { routeTableOf } from '../cloud/network/routes.js';
import type { Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { MEMBERSHIP_NOISE, NEIGHBOUR_DISCOVERY, routersOwnSets, servedSet } from './exempt.js';
import { FORWARD, inet } from './gateway-routers.js';
import {
  answerTable,
  BLACKHOLE,
  MARK_PATH_MASK,
  MARK_ROUTE_TABLE_MASK,
  MARK_SUBNET_MASK,
  VOID,
  vpcRouterMark,
  vpcRouterPathMark,
  vpcRouterPort,
} from './names.js';
import { subnetBoundary } from './network-acls.js';
import { type Path, pathMacAddress, pathOf, pathsOf } from './paths.js';
import { type Chain, chain, drop, type NamedSet, namedSet, type Ruleset, type Table } from './ruleset.js';

/**
 * The router of a VPC, without connection tracking unless a forwarder needs it. A packet's subnet, and so its route
 * table, follows from the port that it comes in by and not from its source address: a middlebox sends packets with
 * other machines' addresses. Multicast and broadcast frames are not forwarded (S111), and the router's own addresses
 * answer only neighbour discovery and the services of 4.7.
 * @throws SglabError `NotFound` for an unknown VPC
 */
export function vpcRouterRuleset(cloud: Cloud, vpcId: string): Ruleset {
  const vpc = byId(cloud.vpcs, vpcId);
  const ports = portsOf(cloud, vpcId);
  const path = pathMarks(ports);
  const paths = pathsOf(cloud, vpcId);
  const boundary = subnetBoundary(
    cloud,
    vpc,
    ports.map(({ port, eni, subnet }) => ({ port, subnetId: eni.subnetId, mark: vpcRouterMark(subnet, 0) })),
  );
  const sets = [
    ...addressSets(cloud, vpc),
    ...routersOwnSets(cloud, vpc),
    markOfPort(ports),
    ...path.sets,
    ...boundary.sets,
  ];
  const chains = [
    ...UNDELIVERED,
    ...keepHops(),
    chain(
      'prerouting',
      [
        'meta pkttype { broadcast, multicast } goto to-many',
        'meta nfproto vmap { ipv4 : jump keep-hops4, ipv6 : jump keep-hops6 }',
        'meta mark set iifname map @mark-of-port',
        'jump impossible-sources',
        ...path.statements,
      ],
      'type filter hook prerouting priority raw; policy accept;',
    ),
    INPUT,
    ...boundary.chains,
    IMPOSSIBLE_SOURCES,
    // The order is AWS's: a packet leaves its subnet, is routed, enters a subnet (section 5.1).
    chain(
      'forward',
      [
        `ip daddr ${LINK_LOCAL.ipv4} goto no-destination`,
        `ip6 daddr ${LINK_LOCAL.ipv6} goto no-destination`,
        ...boundary.outbound,
        `oifname "${VOID}" goto no-destination`,
        `oifname "${BLACKHOLE}" ${drop('route', 'blackhole')}`,
        ...boundary.inbound,
        'accept',
      ],
      FORWARD,
    ),
  ];
  const { tables } = inet('fabric', sets, [...chains, ...answers(paths)]);
  return { tables: paths.length === 0 ? tables : [...tables, pathTable(ports, paths)] };
}

/** The VPC's own blocks, and the addresses at which its services answer. */
function addressSets(cloud: Cloud, vpc: Vpc): NamedSet[] {
  const subnets = Object.values(cloud.subnets).filter((subnet) => subnet.vpcId === vpc.id);
  const leases = subnets.map(({ cidr }) => `${nthAddress(parseCidr(cidr), 1n)} . udp . 67`);
  return [
    namedSet('local4', 'ipv4_addr', vpc.cidrs, ['interval']),
    namedSet('local6', 'ipv6_addr', vpc.ipv6Cidr === null ? [] : [vpc.ipv6Cidr], ['interval']),
    servedSet('served4', 'ipv4', vpc, leases),
    servedSet('served6', 'ipv6', vpc),
  ];
}

/** Drops packets without a receiver: without an interface or a route, or multicast. */
const UNDELIVERED: readonly Chain[] = [
  chain('no-destination', [
    `ip daddr @local4 ${drop('route', 'no-interface')}`,
    `ip6 daddr @local6 ${drop('route', 'no-interface')}`,
    drop('route', 'no-route'),
  ]),
  chain('to-many', [
    `${NEIGHBOUR_DISCOVERY} accept`,
    ...MEMBERSHIP_NOISE,
    'udp sport 68 udp dport 67 drop',
    'goto no-destination',
  ]),
];

/**
 * Drops what nobody there can have sent, before the kernel does it without a report (martian sources): a packet from an
 * unroutable address, from the router or from one of its services (S120), and one from an address of the VPC that a
 * gateway brings in (S119): only interfaces' ports have a subnet. Neighbour discovery between the link and the router is none of it.
 */
const IMPOSSIBLE_SOURCES: Chain = chain('impossible-sources', [
  `ip6 saddr { ::, fe80::/10 } ip6 daddr @routers-own6 ${NEIGHBOUR_DISCOVERY} return`,
  `ip saddr @routers-own4 ${drop('route', 'spoofed')}`,
  `ip6 saddr @routers-own6 ${drop('route', 'spoofed')}`,
  `meta mark & 0x${MARK_SUBNET_MASK.toString(16)} != 0x0 return`,
  `ip saddr @local4 ${drop('route', 'spoofed')}`,
  `ip6 saddr @local6 ${drop('route', 'spoofed')}`,
]);

/** The highest number of hops that a packet of a Linux machine begins with. */
const MOST_HOPS = 64;

/**
 * The router of a VPC is no hop (S125): it gives back the one that the kernel takes from what it forwards. A packet that
 * begins with more than Linux's 64 loses one. nft 1.0.6 cannot add to a field, hence a chain for each number of hops.
 */
function keepHops(): Chain[] {
  const hops = Array.from({ length: MOST_HOPS }, (_, at) => at + 1);
  const addOne = hops.map((n) => `${n} : jump hops-${n}`).join(', ');
  return [
    ...hops.map((n) =>
      chain(`hops-${n}`, [`meta nfproto ipv4 ip ttl set ${n + 1} return`, `ip6 hoplimit set ${n + 1}`]),
    ),
    chain('keep-hops4', [`ip ttl vmap { ${addOne} }`]),
    chain('keep-hops6', [`ip6 hoplimit vmap { ${addOne} }`]),
  ];
}

const INPUT: Chain = chain(
  'input',
  [
    'ip daddr . meta l4proto . th dport @served4 accept',
    'ip6 daddr . meta l4proto . th dport @served6 accept',
    `${NEIGHBOUR_DISCOVERY} accept`,
    ...MEMBERSHIP_NOISE,
    drop('route', 'no-interface'),
  ],
  'type filter hook input priority filter; policy drop;',
);

/** An interface's link, as this router has it. */
interface Port {
  readonly port: string;
  readonly eni: NetworkInterface;
  /** The subnet's position among those of the VPC, from 1. */
  readonly subnet: number;
  /** `RouteTable.number` of its subnet. */
  readonly routeTable: number;
  /** The path of packets that the interface sends with other machines' addresses. */
  readonly path: Path | null;
}

function portsOf(cloud: Cloud, vpcId: string): Port[] {
  const subnets = Object.values(cloud.subnets).filter((subnet) => subnet.vpcId === vpcId);
  const places = new Map(
    subnets.map(({ id }, position) => [id, { subnet: position + 1, routeTable: routeTableOf(cloud, id).number }]),
  );
  return Object.values(cloud.networkInterfaces).flatMap((eni) => {
    const place = places.get(eni.subnetId);
    if (place === undefined) return [];
    const port = vpcRouterPort(byId(cloud.instances, eni.instanceId).name, eni);
    return [{ port, eni, ...place, path: pathOf(cloud, eni) }];
  });
}

function markOfPort(ports: readonly Port[]): NamedSet {
  return markMap(
    'mark-of-port',
    ports.map(({ port, subnet, routeTable }) => [port, vpcRouterMark(subnet, routeTable)]),
  );
}

/**
 * A packet with an address that its port's interface does not own came to the interface from elsewhere, and continues
 * by a path.
 */
function pathMarks(ports: readonly Port[]): { sets: NamedSet[]; statements: string[] } {
  const carriers = ports.flatMap((port) => (port.path === null ? [] : [{ ...port, path: port.path }]));
  if (carriers.length === 0) return { sets: [], statements: [] };
  const own = (of: 'privateIpAddresses' | 'ipv6Addresses') =>
    carriers.flatMap(({ port, eni }) => eni[of].map((address) => `"${port}" . ${address}`));
  const marks = carriers.map(
    ({ port, subnet, routeTable, path }) => [port, vpcRouterMark(subnet, routeTable, path.number)] as const,
  );
  return {
    sets: [
      namedSet('own-of-port4', 'ifname . ipv4_addr', own('privateIpAddresses')),
      namedSet('own-of-port6', 'ifname . ipv6_addr', own('ipv6Addresses')),
      markMap('path-mark-of-port', marks),
    ],
    statements: [
      'iifname . ip saddr @own-of-port4 accept',
      'iifname . ip6 saddr @own-of-port6 accept',
      'meta mark set iifname map @path-mark-of-port',
    ],
  };
}

/**
 * Answers to a packet that a forwarder sent with its client's address are addressed to the client, and still have to go
 * back through the forwarder: these are the only connections that a VPC router tracks.
 */
function answers(paths: readonly Path[]): Chain[] {
  const forwarders = paths.filter(({ answersTo }) => answersTo !== null);
  if (forwarders.length === 0) return [];
  const others = (~MARK_ROUTE_TABLE_MASK >>> 0).toString(16);
  const statements = forwarders.flatMap(({ number }) => {
    const table = `0x${answerTable(number).toString(16)}`;
    return [
      `meta mark & 0x${MARK_PATH_MASK.toString(16)} == ${vpcRouterPathMark(number)} ct mark set ${table}`,
      `ct direction reply ct mark ${table} meta mark set meta mark & 0x${others} | ${table}`,
    ];
  });
  return [chain('answers', statements, 'type filter hook prerouting priority mangle; policy accept;')];
}

/**
 * Writes the path of a packet into the frame that carries it to the next card: its mark does not leave the namespace.
 */
function pathTable(ports: readonly Port[], paths: readonly Path[]): Table {
  const devices = ports.map(({ port }) => `"${port}"`).join(', ');
  const steps = paths.map(({ number }) => `${vpcRouterPathMark(number)} : goto path-${number}`);
  return {
    family: 'netdev',
    name: 'path',
    sets: [],
    chains: [
      ...paths.map((path) => chain(`path-${path.number}`, [`ether saddr set ${pathMacAddress(path)}`])),
      chain(
        'paths',
        [`meta mark & 0x${MARK_PATH_MASK.toString(16)} vmap { ${steps.join(', ')} }`],
        `type filter hook egress devices = { ${devices} } priority 0; policy accept;`,
      ),
    ],
  };
}

function markMap(name: string, marks: readonly (readonly [port: string, mark: string])[]): NamedSet {
  const elements = new Map(marks.map(([port, value]) => [`"${port}"`, { value, comment: null }]));
  return { name, type: 'ifname', data: 'mark', flags: [], counter: false, elements };
}
