import type { TransitGateway } from '../cloud/gateways/types.js';
import { byId } from '../cloud/lookup.js';
import { PRIVATE_BLOCKS } from '../cloud/network/private-blocks.js';
import { routeTableOf } from '../cloud/network/routes.js';
import type { Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { NEIGHBOUR_DISCOVERY, UNROUTABLE_SOURCES } from './exempt.js';
import { GATEWAY_TO_INTERNET, GATEWAY_TO_VPC_ROUTER, VOID } from './names.js';
import { type Chain, chain, drop, type NamedSet, namedSet, type Ruleset } from './ruleset.js';

export const FORWARD = 'type filter hook forward priority filter; policy drop;';

/**
 * The internet gateway of a VPC: it translates one public address to one private one, both ways (S106), and carries
 * nothing else (S107). IPv6 passes as it is. An egress-only gateway, which is the same router, passes only connections
 * from inside. Packets of no connection (`invalid`) are rewritten without one: a gateway that translates one to one
 * needs no state.
 * @throws SglabError `NotFound` for an unknown VPC
 */
export function internetGatewayRuleset(cloud: Cloud, vpcId: string): Ruleset {
  const vpc = byId(cloud.vpcs, vpcId);
  const egressOnly = vpc.egressOnlyInternetGatewayId === null ? null : egressOnlyBlocks(cloud, vpc);
  const sets = [
    ...translationSets(cloud, vpcId),
    ...(egressOnly === null ? [] : [namedSet('egress-only6', 'ipv6_addr', egressOnly, ['interval'])]),
    namedSet('local6', 'ipv6_addr', vpc.ipv6Cidr === null ? [] : [vpc.ipv6Cidr], ['interval']),
  ];
  const forward = [
    `${OUTWARD} ip6 saddr != @local6 ${drop('route', 'spoofed')}`,
    ...PRIVATE_DESTINATIONS,
    `oifname "${VOID}" ${drop('route', 'no-route')}`,
    `${OUTWARD} meta nfproto ipv4 ip saddr != @has-public ${drop('route', 'no-public-address')}`,
    `${FROM_INTERNET} meta nfproto ipv4 ip daddr != @has-public ${drop('route', 'no-public-address')}`,
    ...(egressOnly === null
      ? []
      : [
          `${FROM_INTERNET} ip6 daddr @egress-only6 ct state != { established, related } ${drop('route', 'egress-only')}`,
        ]),
    `iifname "${GATEWAY_TO_VPC_ROUTER}" ${OUTWARD} accept`,
    `${FROM_INTERNET} oifname "${GATEWAY_TO_VPC_ROUTER}" accept`,
    drop('route', 'no-route'),
  ];
  return inet('gateway', sets, [...fromOutside(vpc), ...TRANSLATION, chain('forward', forward, FORWARD)]);
}

const FROM_INTERNET = `iifname "${GATEWAY_TO_INTERNET}"`;
const OUTWARD = `oifname "${GATEWAY_TO_INTERNET}"`;

/** Nothing passes to or from the addresses that the internet does not have (S115 … S118), hosts of the lab or not. */
const PRIVATE = {
  ipv4: `{ ${PRIVATE_BLOCKS.ipv4.join(', ')} }`,
  ipv6: `{ ${PRIVATE_BLOCKS.ipv6.join(', ')} }`,
};

const PRIVATE_DESTINATIONS: readonly string[] = [
  `iifname "${GATEWAY_TO_VPC_ROUTER}" ip daddr ${PRIVATE.ipv4} ${drop('route', 'private-address')}`,
  `iifname "${GATEWAY_TO_VPC_ROUTER}" ip6 daddr ${PRIVATE.ipv6} ${drop('route', 'private-address')}`,
];

/** Judges what comes in before it is translated, and before it makes a connection. */
function fromOutside(vpc: Vpc): Chain[] {
  return [
    chain(
      'from-outside',
      [
        `iifname != "${GATEWAY_TO_INTERNET}" accept`,
        ...sourcesOf(vpc).map((source) => `${source} ${drop('route', 'spoofed')}`),
        `ip saddr ${PRIVATE.ipv4} ${drop('route', 'private-address')}`,
        `ip6 saddr ${PRIVATE.ipv6} ${drop('route', 'private-address')}`,
      ],
      'type filter hook prerouting priority raw; policy accept;',
    ),
  ];
}

/** Pairs of a public address and its private one, in both directions. */
function translationSets(cloud: Cloud, vpcId: string): NamedSet[] {
  const pairs = Object.values(cloud.networkInterfaces).flatMap(({ publicIp, privateIpAddresses, subnetId }) => {
    const [privateIp] = privateIpAddresses;
    const inVpc = byId(cloud.subnets, subnetId).vpcId === vpcId;
    return publicIp === null || privateIp === undefined || !inVpc ? [] : [{ publicIp, privateIp }];
  });
  const inward = pairs.map(({ publicIp, privateIp }) => [publicIp, privateIp] as const);
  const outward = pairs.map(({ publicIp, privateIp }) => [privateIp, publicIp] as const);
  const translated = pairs.map(({ privateIp }) => privateIp);
  return [
    addressMap('private-of', inward),
    addressMap('public-of', outward),
    namedSet('has-public', 'ipv4_addr', translated),
  ];
}

const TRANSLATION: readonly Chain[] = [
  chain(
    'prerouting',
    [`${FROM_INTERNET} dnat ip to ip daddr map @private-of`],
    'type nat hook prerouting priority dstnat; policy accept;',
  ),
  chain(
    'prerouting-invalid',
    [`${FROM_INTERNET} ct state invalid ip daddr set ip daddr map @private-of`],
    'type filter hook prerouting priority mangle; policy accept;',
  ),
  chain(
    'postrouting',
    [`${OUTWARD} snat ip to ip saddr map @public-of`],
    'type nat hook postrouting priority srcnat; policy accept;',
  ),
  chain(
    'postrouting-invalid',
    [`${OUTWARD} ct state invalid ip saddr set ip saddr map @public-of`],
    'type filter hook postrouting priority mangle; policy accept;',
  ),
];

/**
 * The blocks into which no new connection comes (S109): the subnets whose routes name the egress-only gateway, and the
 * whole VPC if it has no other one.
 */
function egressOnlyBlocks(cloud: Cloud, vpc: Vpc): string[] {
  if (vpc.internetGatewayId === null) return vpc.ipv6Cidr === null ? [] : [vpc.ipv6Cidr];
  return Object.values(cloud.subnets).flatMap((subnet) => {
    if (subnet.vpcId !== vpc.id || subnet.ipv6Cidr === null) return [];
    const { routes } = routeTableOf(cloud, subnet.id);
    return routes.some(({ target }) => target.type === 'egress-only-internet-gateway') ? [subnet.ipv6Cidr] : [];
  });
}

/** The internet: a router between the gateways and the external hosts. */
export function internetRuleset(_cloud: Cloud): Ruleset {
  // The kernel would drop most of these without a report (martian sources).
  const unroutable = [
    `ip saddr { ${UNROUTABLE_SOURCES.ipv4.join(', ')} } ${drop('route', 'spoofed')}`,
    `ip6 saddr { ::, fe80::/10 } ip6 daddr fe80::/10 ${NEIGHBOUR_DISCOVERY} accept`,
    'ip6 daddr ff00::/8 accept',
    `ip6 saddr { ${UNROUTABLE_SOURCES.ipv6.join(', ')} } ${drop('route', 'spoofed')}`,
  ];
  const chains = [
    chain('sources', unroutable, 'type filter hook prerouting priority raw; policy accept;'),
    chain('forward', [`oifname "${VOID}" ${drop('route', 'no-route')}`, 'accept'], FORWARD),
  ];
  return inet('internet', [], chains);
}

/**
 * A transit gateway: a router between the VPCs that are attached; it tracks nothing. A VPC may hand on what another one
 * or the internet sent, but no private address that none of them has (S119).
 */
export function transitGatewayRuleset(cloud: Cloud, { attachments }: TransitGateway): Ruleset {
  const vpcs = attachments.map(({ vpcId }) => byId(cloud.vpcs, vpcId));
  const privateSource = [...vpcs.flatMap(sourcesOf).map((source) => `${source} return`), drop('route', 'spoofed')];
  const forward = [
    `ip saddr ${PRIVATE.ipv4} jump private-source`,
    `ip6 saddr ${PRIVATE.ipv6} jump private-source`,
    `oifname "${VOID}" ${drop('route', 'no-route')}`,
    'accept',
  ];
  return inet('transit', [], [chain('private-source', privateSource), chain('forward', forward, FORWARD)]);
}

/** Conditions that a packet's source is an address of the VPC; it has one of them. */
export function sourcesOf({ cidrs, ipv6Cidr }: Vpc): string[] {
  return [...cidrs.map((cidr) => `ip saddr ${cidr}`), ...(ipv6Cidr === null ? [] : [`ip6 saddr ${ipv6Cidr}`])];
}

export function inet(name: string, sets: readonly NamedSet[], chains: readonly Chain[]): Ruleset {
  return { tables: [{ family: 'inet', name, sets, chains }] };
}

function addressMap(name: string, pairs: readonly (readonly [string, string])[]): NamedSet {
  const elements = new Map(pairs.map(([key, value]) => [key, { value, comment: null }]));
  return { name, type: 'ipv4_addr', data: 'ipv4_addr', flags: [], counter: false, elements };
}
