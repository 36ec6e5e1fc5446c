import type { GatewayEndpoint } from '../cloud/gateways/types.js';
import { byId } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import { FORWARD, inet, sourcesOf } from './gateway-routers.js';
import { GATEWAY_TO_INTERNET, GATEWAY_TO_VPC_ROUTER } from './names.js';
import { chain, drop, type Ruleset } from './ruleset.js';
import { translate } from './translator.js';

/**
 * A gateway endpoint carries connections from the VPC to the service, which sees an address of AWS's own (GWE). It
 * carries TCP and pings (S123) that interfaces of its VPC send, and no replies to connections that came in elsewhere: it would have no translation for them.
 */
export function gatewayEndpointRuleset(cloud: Cloud, { publicIp, vpcId }: GatewayEndpoint): Ruleset {
  const toService = `iifname "${GATEWAY_TO_VPC_ROUTER}" oifname "${GATEWAY_TO_INTERNET}"`;
  return inet(
    'endpoint',
    [],
    [
      chain('input', [drop('route', 'not-begun-inside')], 'type filter hook input priority filter; policy drop;'),
      chain(
        'forward',
        [
          `iifname "${GATEWAY_TO_VPC_ROUTER}" meta l4proto != { tcp, icmp } ${drop('route', 'endpoint-protocol')}`,
          `iifname "${GATEWAY_TO_VPC_ROUTER}" icmp type != echo-request ${drop('route', 'endpoint-protocol')}`,
          `ct state invalid ${drop('route', 'not-begun-inside')}`,
          ...sourcesOf(byId(cloud.vpcs, vpcId)).map((source) => `${toService} ${source} accept`),
          `${toService} ${drop('route', 'spoofed')}`,
          `iifname "${GATEWAY_TO_INTERNET}" oifname "${GATEWAY_TO_VPC_ROUTER}" ct state { established, related } accept`,
          drop('route', 'no-route'),
        ],
        FORWARD,
      ),
      ...translate(GATEWAY_TO_INTERNET, publicIp),
    ],
  );
}
