/** A peering: a namespace of its own between two fabrics, which knows the blocks of the two VPCs and nothing else. */

import { findPeering, peeringNames, peerVpcId } from '../cloud/gateways/peering.js';
import type { Peering } from '../cloud/gateways/types.js';
import { byId } from '../cloud/lookup.js';
import { familyOf } from '../cloud/network/cidr.js';
import type { Vpc } from '../cloud/network/types.js';
import { vpcBlocks } from '../cloud/network/vpc-blocks.js';
import type { Cloud } from '../cloud/types.js';
import { peeringNamespace } from '../kernel/lab-names.js';
import { PEERING_TO_ACCEPTER, PEERING_TO_REQUESTER, vpcRouterGatewayPort } from '../ruleset/names.js';
import { peeringRuleset } from '../ruleset/peering.js';
import { planInterVpcRouter } from './inter-vpc-router.js';
import type { NamespacePlan } from './namespace-state.js';

/** The newest of each name. What has ended keeps its links: it can be requested anew while the lab runs. */
export function presentPeerings(cloud: Cloud): Peering[] {
  return peeringNames(cloud).flatMap((name) => findPeering(cloud, name) ?? []);
}

/** Links that a fabric has to peerings. */
export function peeringPorts(cloud: Cloud, vpc: Vpc): string[] {
  return presentPeerings(cloud)
    .filter((peering) => peerVpcId(peering, vpc.id) !== null)
    .map((peering) => vpcRouterGatewayPort(peering.name, 'pcx'));
}

export function planPeering(cloud: Cloud, peering: Peering): NamespacePlan[] {
  const vpcs = [peering.requesterVpcId, peering.accepterVpcId].map((id) => byId(cloud.vpcs, id));
  const ipv6 = vpcs.every((vpc) => vpc.ipv6Cidr !== null);
  const ports = [PEERING_TO_REQUESTER, PEERING_TO_ACCEPTER];
  return planInterVpcRouter(cloud, {
    // One that has ended may be requested anew while the lab runs: what is called so is one router.
    id: peering.name,
    namespace: peeringNamespace(cloud.name, peering.name),
    vpcRouterPort: vpcRouterGatewayPort(peering.name, 'pcx'),
    ipv6,
    sides: vpcs.map((vpc, position) => ({
      vpc,
      port: ports[position] ?? '',
      blocks: vpcBlocks(vpc).filter((cidr) => ipv6 || familyOf(cidr) === 'ipv4'),
    })),
    ruleset: (now) => peeringRuleset(now, peering),
  });
}
