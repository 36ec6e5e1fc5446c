import { byId } from '../cloud/by-id.js';
import { nthAddress, parseCidr } from '../cloud/cidr.js';
import { routeTableOf } from '../cloud/routes.js';
import type { Cloud, NetworkInterface, Vpc } from '../cloud/types.js';
import { MEMBERSHIP_NOISE, NEIGHBOUR_DISCOVERY, servedSet } from './exempt.js';
import { drop } from './log.js';
import { BLACKHOLE, fabricMark, fabricPort, VOID } from './names.js';
import { FORWARD, inet } from './routers.js';
import { find } from './rules.js';
import { chain, type NamedSet, namedSet, type Ruleset } from './types.js';

/**
 * The router of a VPC, without connection tracking. A packet's subnet, and so its route table, is told by the port that it
 * comes in by and not by its source address: a middlebox sends what is not its own. Frames to many are not forwarded (S111), and the
 * router's own addresses answer nobody but neighbour discovery and the services of 4.7. Throws SglabError `NotFound` for an unknown VPC.
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
    markOfPort(cloud, vpc),
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
      ['meta pkttype { broadcast, multicast } goto to-many', 'meta mark set iifname map @mark-of-port'],
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
    chain(
      'forward',
      [
        `oifname "${VOID}" goto no-destination`,
        `oifname "${BLACKHOLE}" ${drop('route', 'blackhole')}`,
        'goto subnet-boundary',
      ],
      FORWARD,
    ),
  ];
  return inet('fabric', sets, chains);
}

function markOfPort(cloud: Cloud, vpc: Vpc): NamedSet {
  const elements = portsOf(cloud, vpc).map(
    ({ port, subnet, eni }) =>
      [`"${port}"`, { value: fabricMark(subnet, routeTableOf(cloud, eni.subnetId).number), comment: null }] as const,
  );
  return { name: 'mark-of-port', type: 'ifname', data: 'mark', flags: [], counter: false, elements: new Map(elements) };
}

interface Port {
  readonly port: string;
  readonly eni: NetworkInterface;
  /** From 1: the place of the interface's subnet among those of the VPC. */
  readonly subnet: number;
}

function portsOf(cloud: Cloud, vpc: Vpc): Port[] {
  const subnets = Object.values(cloud.subnets).filter(({ vpcId }) => vpcId === vpc.id);
  const numbers = new Map(subnets.map(({ id }, position) => [id, position + 1]));
  return Object.values(cloud.networkInterfaces).flatMap((eni) => {
    const subnet = numbers.get(eni.subnetId);
    if (subnet === undefined) return [];
    return [{ port: fabricPort(byId(cloud.instances, eni.instanceId).name, eni), eni, subnet }];
  });
}
