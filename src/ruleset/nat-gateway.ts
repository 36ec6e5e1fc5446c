import { drop } from './log.js';
import { FORWARD } from './routers.js';
import { translate } from './translator.js';
import { chain, type Ruleset } from './types.js';

/** Before connection tracking puts fragments together, at -400. */
const BEFORE_REASSEMBLY = 'type filter hook prerouting priority -450; policy accept;';

/** Of a packet that is a fragment, "more fragments" or the offset is not zero. */
const IS_FRAGMENT = 'ip frag-off & 0x3fff != 0';

/**
 * A NAT gateway, inside its own machine, whose one link leads in and out: what it forwards comes from inside or answers that. It
 * carries TCP, UDP and ICMP from its own address (S108), fragments of UDP only (S110), and nothing that begins outside. An
 * inside host that continues a connection which the gateway has forgotten is told so by a RST (NATT): it is the one place
 * where something is rejected. Who answers what came in elsewhere continues nothing, and is not told.
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
