import type { Peering } from '../cloud/gateways/types.js';
import { byId } from '../cloud/lookup.js';
import type { Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { FORWARD, inet, sourcesOf } from './gateway-routers.js';
import { PEERING_TO_ACCEPTER, PEERING_TO_REQUESTER, VOID } from './names.js';
import { type Chain, chain, drop, type Ruleset } from './ruleset.js';

/**
 * The ruleset of a peering, which carries packets between the addresses of its two VPCs while it is active. It routes
 * to no other destination, hence it is not transitive (S104) and gives no access to the other VPC's gateways (S105). It
 * tracks nothing.
 */
export function peeringRuleset(cloud: Cloud, { status, requesterVpcId, accepterVpcId }: Peering): Ruleset {
  if (status !== 'active')
    return inet('peering', [], [chain('forward', [drop('route', 'peering-not-active')], FORWARD)]);
  const requester: End = { link: PEERING_TO_REQUESTER, vpc: byId(cloud.vpcs, requesterVpcId) };
  const accepter: End = { link: PEERING_TO_ACCEPTER, vpc: byId(cloud.vpcs, accepterVpcId) };
  const between = (from: End, to: End): string => `iifname "${from.link}" oifname "${to.link}" accept`;
  const forward = [
    ...[requester, accepter].map(({ link }) => `iifname "${link}" jump from-${link}`),
    between(requester, accepter),
    between(accepter, requester),
    `oifname "${VOID}" ${drop('route', 'not-transitive')}`,
    drop('route', 'no-route'),
  ];
  return inet(
    'peering',
    [],
    [
      foreignSource(requester, accepter.vpc),
      foreignSource(accepter, requester.vpc),
      chain('forward', forward, FORWARD),
    ],
  );
}

interface End {
  readonly link: string;
  readonly vpc: Vpc;
}

/** A source that the VPC of a link does not have: its own machines forged it, or sent on what another network sent. */
function foreignSource({ link, vpc }: End, other: Vpc): Chain {
  return chain(`from-${link}`, [
    ...sourcesOf(vpc).map((source) => `${source} return`),
    ...sourcesOf(other).map((source) => `${source} ${drop('route', 'spoofed')}`),
    drop('route', 'not-transitive'),
  ]);
}
