/** Address translation of many to one, for NAT gateways and gateway endpoints. Pure. */

import { TRANSLATED_AFTER, TRANSLATED_BEFORE } from './names.js';
import { type Chain, chain, log } from './ruleset.js';

/** Ports that a translated flow may have (NAT). */
const PORTS = '1024-65535';

/**
 * Translates packets that leave by a link to one source address, and TCP and UDP to a port of the gateway's choice. A
 * first packet is reported before and after, both times with the same number as its mark: nothing else relates the flow
 * behind the gateway to the one before it.
 */
export function translate(link: string, address: string): Chain[] {
  const number = 'meta mark set numgen inc mod 4294967295 offset 1';
  return [
    chain(
      'before-translation',
      [`oifname "${link}" ct state new ${number} ${log(TRANSLATED_BEFORE)}`],
      'type filter hook postrouting priority srcnat - 1; policy accept;',
    ),
    chain(
      'translation',
      [
        `oifname "${link}" meta l4proto { tcp, udp } snat ip to ${address}:${PORTS} fully-random`,
        `oifname "${link}" snat ip to ${address}`,
      ],
      'type nat hook postrouting priority srcnat; policy accept;',
    ),
    chain(
      'after-translation',
      [`oifname "${link}" ct state new ${log(TRANSLATED_AFTER)}`],
      'type filter hook postrouting priority srcnat + 1; policy accept;',
    ),
  ];
}
