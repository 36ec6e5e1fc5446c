import { FORWARD } from './gateway-routers.js';
import { chain, drop, type Ruleset } from './ruleset.js';
import { translate } from './translator.js';

/** The chain comes before connection tracking reassembles fragments, at -400. */
const BEFORE_REASSEMBLY = 'type filter hook prerouting priority -450; policy accept;';

/** A fragment has "more fragments" set, or an offset other than zero. */
const IS_FRAGMENT = 'ip frag-off & 0x3fff != 0';

/**
 * The ruleset of a NAT gateway's own machine, whose one link leads in and out: it forwards packets from inside and the
 * answers to them. It carries TCP, UDP and ICMP from its own address (S108), fragments of UDP only (S110), and no
 * connection from outside. An inside host that continues a connection which the gateway no longer tracks gets a RST
 * (NATT): it is the one place where a packet is rejected. An answer to a connection that came in elsewhere continues
 * none, and gets no RST.
 */
export function natGatewayRuleset(address: string): Ruleset {
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
        'accept',
      ],
      FORWARD,
    ),
    ...translate('eth0', address),
  ];
  return { tables: [{ family: 'inet', name: 'nat-gateway', sets: [], chains }] };
}
