import type { GatewayEndpoint } from '../cloud/gateways/types.js';
import { FORWARD, inet } from './gateway-routers.js';
import { GATEWAY_TO_INTERNET, GATEWAY_TO_VPC_ROUTER } from './names.js';
import { chain, drop, type Ruleset } from './ruleset.js';
import { translate } from './translator.js';

/**
 * A gateway endpoint carries connections from the VPC to the service, which sees an address of AWS's own (GWE). It
 * carries no replies to connections that came in elsewhere: it would have no translation for them.
 */
export function gatewayEndpointRuleset({ publicIp }: GatewayEndpoint): Ruleset {
  return inet(
    'endpoint',
    [],
    [
      chain('input', [drop('route', 'not-begun-inside')], 'type filter hook input priority filter; policy drop;'),
      chain(
        'forward',
        [
          `ct state invalid ${drop('route', 'not-begun-inside')}`,
          `iifname "${GATEWAY_TO_VPC_ROUTER}" oifname "${GATEWAY_TO_INTERNET}" accept`,
          `iifname "${GATEWAY_TO_INTERNET}" oifname "${GATEWAY_TO_VPC_ROUTER}" ct state { established, related } accept`,
          drop('route', 'no-route'),
        ],
        FORWARD,
      ),
      ...translate(GATEWAY_TO_INTERNET, publicIp),
    ],
  );
}
