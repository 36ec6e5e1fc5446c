/** Address translation of many to one, as NAT gateways and gateway endpoints do it. Pure. */
import { log } from './log.js';
import { TRANSLATED_AFTER, TRANSLATED_BEFORE } from './names.js';
import { type Chain, chain } from './types.js';

/** Ports that a translated flow may have (NAT). */
const PORTS = '1024-65535';

/**
 * Sends what leaves by a link from one address, tcp and udp from a port of its own choice. A first packet is reported before and
 * after, both with the same number as their mark: nothing else says how a flow looks behind the gateway.
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
