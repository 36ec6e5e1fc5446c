import type { Peering } from '../cloud/gateways/types.js';
import { FORWARD, inet } from './gateway-routers.js';
import { PEERING_TO_ACCEPTER, PEERING_TO_REQUESTER, VOID } from './names.js';
import { chain, drop, type Ruleset } from './ruleset.js';

/**
 * The ruleset of a peering, which carries packets between the addresses of its two VPCs while it is active. It routes
 * to no other destination, hence it is not transitive (S104) and gives no access to the other VPC's gateways (S105). It
 * tracks nothing.
 */
export function peeringRuleset({ status }: Peering): Ruleset {
  const between = (from: string, to: string): string => `iifname "${from}" oifname "${to}" accept`;
  const rules =
    status === 'active'
      ? [
          between(PEERING_TO_REQUESTER, PEERING_TO_ACCEPTER),
          between(PEERING_TO_ACCEPTER, PEERING_TO_REQUESTER),
          `oifname "${VOID}" ${drop('route', 'not-transitive')}`,
          drop('route', 'no-route'),
        ]
      : [drop('route', 'peering-not-active')];
  return inet('peering', [], [chain('forward', rules, FORWARD)]);
}
