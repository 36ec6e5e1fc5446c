import { nthAddress, parseCidr } from '../cloud/cidr.js';
import type { Cloud } from '../cloud/types.js';
import { MEMBERSHIP_NOISE, NEIGHBOUR_DISCOVERY, servedSet } from './exempt.js';
import { drop } from './log.js';
import { GATEWAY_TO_FABRIC, GATEWAY_TO_INTERNET, VOID } from './names.js';
import { find } from './rules.js';
import { type Chain, chain, type NamedSet, namedSet, type Ruleset } from './types.js';

const FORWARD = 'type filter hook forward priority filter; policy drop;';

/**
 * The router of a VPC, without connection tracking. Frames to many are not forwarded (S111), and the router's own
 * addresses answer nobody but neighbour discovery and the services of 4.7. Throws SglabError `NotFound` for an unknown VPC.
 */
export function fabricRuleset(cloud: Cloud, vpcId: string): Ruleset {
  const vpc = find(cloud.vpcs, vpcId);
  const subnets = Object.values(cloud.subnets).filter((subnet) => subnet.vpcId === vpcId);
  const sets = [
    namedSet('local4', 'ipv4_addr', vpc.cidrs, ['interval']),
    namedSet('local6', 'ipv6_addr', vpc.ipv6Cidr === null ? [] : [vpc.ipv6Cidr], ['interval']),
    servedSet(
      'served4',
      'ipv4',
      vpc,
      subnets.map(({ cidr }) => `${nthAddress(parseCidr(cidr), 1n)} . udp . 67`),
    ),
    servedSet('served6', 'ipv6', vpc),
  ];
  const chains = [
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
    chain(
      'prerouting',
      ['meta pkttype { broadcast, multicast } goto to-many'],
      'type filter hook prerouting priority raw; policy accept;',
    ),
    chain(
      'input',
      [
        'ip daddr . meta l4proto . th dport @served4 accept',
        'ip6 daddr . meta l4proto . th dport @served6 accept',
        `${NEIGHBOUR_DISCOVERY} accept`,
        ...MEMBERSHIP_NOISE,
        drop('route', 'no-interface'),
      ],
      'type filter hook input priority filter; policy drop;',
    ),
    // Network ACLs: what leaves the subnet of its source, then what enters the subnet of its destination.
    chain('subnet-boundary', ['accept']),
    chain('forward', [`oifname "${VOID}" goto no-destination`, 'goto subnet-boundary'], FORWARD),
  ];
  return inet('fabric', sets, chains);
}

/**
 * The internet gateway of a VPC: one public address for one private one, both ways (S106), nothing for the rest (S107).
 * IPv6 passes as it is. Packets of no connection (`invalid`) are rewritten without one: a gateway that translates one to one needs no memory.
 * Throws SglabError `NotFound` for an unknown VPC.
 */
export function internetGatewayRuleset(cloud: Cloud, vpcId: string): Ruleset {
  find(cloud.vpcs, vpcId);
  const pairs = Object.values(cloud.networkInterfaces).flatMap(({ publicIp, privateIpAddresses, subnetId }) => {
    const [privateIp] = privateIpAddresses;
    const inVpc = find(cloud.subnets, subnetId).vpcId === vpcId;
    return publicIp === null || privateIp === undefined || !inVpc ? [] : [{ publicIp, privateIp }];
  });
  const inward = `iifname "${GATEWAY_TO_INTERNET}"`;
  const outward = `oifname "${GATEWAY_TO_INTERNET}"`;
  const sets = [
    addressMap(
      'private-of',
      pairs.map(({ publicIp, privateIp }) => [publicIp, privateIp]),
    ),
    addressMap(
      'public-of',
      pairs.map(({ publicIp, privateIp }) => [privateIp, publicIp]),
    ),
    namedSet(
      'has-public',
      'ipv4_addr',
      pairs.map(({ privateIp }) => privateIp),
    ),
  ];
  const chains = [
    chain(
      'prerouting',
      [`${inward} dnat ip to ip daddr map @private-of`],
      'type nat hook prerouting priority dstnat; policy accept;',
    ),
    chain(
      'prerouting-invalid',
      [`${inward} ct state invalid ip daddr set ip daddr map @private-of`],
      'type filter hook prerouting priority mangle; policy accept;',
    ),
    chain(
      'postrouting',
      [`${outward} snat ip to ip saddr map @public-of`],
      'type nat hook postrouting priority srcnat; policy accept;',
    ),
    chain(
      'postrouting-invalid',
      [`${outward} ct state invalid ip saddr set ip saddr map @public-of`],
      'type filter hook postrouting priority mangle; policy accept;',
    ),
    chain(
      'forward',
      [
        `oifname "${VOID}" ${drop('route', 'no-route')}`,
        `${outward} meta nfproto ipv4 ip saddr != @has-public ${drop('route', 'no-public-address')}`,
        `${inward} meta nfproto ipv4 ip daddr != @has-public ${drop('route', 'no-public-address')}`,
        `iifname "${GATEWAY_TO_FABRIC}" ${outward} accept`,
        `${inward} oifname "${GATEWAY_TO_FABRIC}" accept`,
        drop('route', 'no-route'),
      ],
      FORWARD,
    ),
  ];
  return inet('gateway', sets, chains);
}

/** The internet: a router between the gateways and the external hosts. */
export function internetRuleset(_cloud: Cloud): Ruleset {
  const chains = [chain('forward', [`oifname "${VOID}" ${drop('route', 'no-route')}`, 'accept'], FORWARD)];
  return inet('internet', [], chains);
}

function inet(name: string, sets: readonly NamedSet[], chains: readonly Chain[]): Ruleset {
  return { tables: [{ family: 'inet', name, sets, chains }] };
}

function addressMap(name: string, pairs: readonly (readonly [string, string])[]): NamedSet {
  const elements = new Map(pairs.map(([key, value]) => [key, { value, comment: null }]));
  return { name, type: 'ipv4_addr', data: 'ipv4_addr', flags: [], counter: false, elements };
}
