import { routeTableOf } from '../cloud/network/routes.js';
import type { Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { drop } from './log.js';
import { GATEWAY_TO_FABRIC, GATEWAY_TO_INTERNET, VOID } from './names.js';
import { find } from './rules.js';
import { type Chain, chain, type NamedSet, namedSet, type Ruleset } from './types.js';

export const FORWARD = 'type filter hook forward priority filter; policy drop;';

/**
 * The internet gateway of a VPC: one public address for one private one, both ways (S106), nothing for the rest (S107).
 * IPv6 passes as it is, and through an egress-only gateway, which is the same router, only what was begun inside. Packets of no connection (`invalid`) are rewritten without one: a gateway that translates one to one needs no memory.
 * Throws SglabError `NotFound` for an unknown VPC.
 */
export function internetGatewayRuleset(cloud: Cloud, vpcId: string): Ruleset {
  const vpc = find(cloud.vpcs, vpcId);
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
    ...(vpc.egressOnlyInternetGatewayId !== null
      ? [namedSet('egress-only6', 'ipv6_addr', egressOnlyBlocks(cloud, vpc), ['interval'])]
      : []),
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
        ...(vpc.egressOnlyInternetGatewayId !== null
          ? [`${inward} ip6 daddr @egress-only6 ct state != { established, related } ${drop('route', 'egress-only')}`]
          : []),
        `iifname "${GATEWAY_TO_FABRIC}" ${outward} accept`,
        `${inward} oifname "${GATEWAY_TO_FABRIC}" accept`,
        drop('route', 'no-route'),
      ],
      FORWARD,
    ),
  ];
  return inet('gateway', sets, chains);
}

/**
 * Where nothing new comes in (S109): the subnets whose routes name the egress-only gateway, and the whole VPC if it has no
 * other one.
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
  const chains = [chain('forward', [`oifname "${VOID}" ${drop('route', 'no-route')}`, 'accept'], FORWARD)];
  return inet('internet', [], chains);
}

/** A transit gateway: a router between the VPCs that are attached; it tracks nothing. */
export function transitGatewayRuleset(): Ruleset {
  const chains = [chain('forward', [`oifname "${VOID}" ${drop('route', 'no-route')}`, 'accept'], FORWARD)];
  return inet('transit', [], chains);
}

export function inet(name: string, sets: readonly NamedSet[], chains: readonly Chain[]): Ruleset {
  return { tables: [{ family: 'inet', name, sets, chains }] };
}

function addressMap(name: string, pairs: readonly (readonly [string, string])[]): NamedSet {
  const elements = new Map(pairs.map(([key, value]) => [key, { value, comment: null }]));
  return { name, type: 'ipv4_addr', data: 'ipv4_addr', flags: [], counter: false, elements };
}
