import { isAttached } from '../cloud/gateways/transit-gateway.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId, vpcIdOfInterface } from '../cloud/lookup.js';
import type { Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { FORWARD, sourcesOf } from './gateway-routers.js';
import { chain, drop, type Ruleset } from './ruleset.js';
import { translate } from './translator.js';

/** The chain comes before connection tracking reassembles fragments, at -400. */
const BEFORE_REASSEMBLY = 'type filter hook prerouting priority -450; policy accept;';

/** A fragment has "more fragments" set, or an offset other than zero. */
const IS_FRAGMENT = 'ip frag-off & 0x3fff != 0';

/**
 * The ruleset of a NAT gateway's own machine, whose one link leads in and out: it forwards packets from inside and the
 * answers to them. It carries TCP, UDP and ICMP from its own address (S108), fragments of UDP only (S110), and no
 * connection from outside, nor one from an address that no network inside has (S119). An inside host that continues a connection which the gateway no longer tracks gets a RST
 * (NATT): it is the one place where a packet is rejected. An answer to a connection that came in elsewhere continues
 * none, and gets no RST.
 */
export function natGatewayRuleset(cloud: Cloud, eni: NetworkInterface): Ruleset {
  const chains = [
    chain('fragments', [`${IS_FRAGMENT} ip protocol { icmp, tcp } ${drop('route', 'fragment')}`], BEFORE_REASSEMBLY),
    chain('input', [drop('route', 'not-begun-inside')], 'type filter hook input priority filter; policy drop;'),
    chain(
      'forward',
      [
        `meta l4proto != { icmp, tcp, udp } ${drop('route', 'untranslatable')}`,
        `tcp flags & (syn | rst) != 0x0 ct state invalid ${drop('route', 'not-begun-inside')}`,
        'meta l4proto tcp ct state invalid reject with tcp reset',
        `ct state invalid ${drop('route', 'not-begun-inside')}`,
        'ct state != new accept',
        ...networksBehind(cloud, eni)
          .flatMap(sourcesOf)
          .map((source) => `${source} accept`),
        drop('route', 'spoofed'),
      ],
      FORWARD,
    ),
    ...translate('eth0', eni.privateIpAddresses[0] ?? ''),
  ];
  return { tables: [{ family: 'inet', name: 'nat-gateway', sets: [], chains }] };
}

/** The gateway's VPC and all that transit gateways connect with it: no peering leads to a NAT gateway (S105). */
function networksBehind(cloud: Cloud, eni: NetworkInterface): Vpc[] {
  const own = vpcIdOfInterface(cloud, eni);
  const attached = Object.values(cloud.transitGateways)
    .filter((gateway) => isAttached(gateway, own))
    .flatMap(({ attachments }) => attachments.map(({ vpcId }) => vpcId));
  return [...new Set([own, ...attached])].map((id) => byId(cloud.vpcs, id));
}
