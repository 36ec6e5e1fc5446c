/** A peering: a namespace of its own between two fabrics, which knows the blocks of the two VPCs and nothing else. */
import { byId } from '../cloud/by-id.js';
import { findPeering, peeringNames, peerVpcId } from '../cloud/peering.js';
import type { Cloud, Peering, Vpc } from '../cloud/types.js';
import { vpcBlocks } from '../cloud/vpc-blocks.js';
import { peeringRuleset } from '../ruleset/index.js';
import { fabricGatewayPort, PEERING_TO_ACCEPTER, PEERING_TO_REQUESTER, VOID } from '../ruleset/names.js';
import { fabricNamespace, peeringNamespace } from './names.js';
import type { LinkPlan, PlanPart } from './plan.js';
import {
  familyOf,
  LOOPBACK_UP,
  NEAR_INDEX,
  nextHop,
  ROUTER_MAC,
  routerSysctls,
  routeVia,
  sinkRoutes,
  VOID_BRIDGE,
  VPC_MTU,
} from './routing.js';

/** The newest of each name. What has ended keeps its links: it can be requested anew while the lab runs. */
export function presentPeerings(cloud: Cloud): Peering[] {
  return peeringNames(cloud).flatMap((name) => findPeering(cloud, name) ?? []);
}

/** Links that a fabric has to peerings. */
export function peeringPorts(cloud: Cloud, vpc: Vpc): string[] {
  return presentPeerings(cloud)
    .filter((peering) => peerVpcId(peering, vpc.id) !== null)
    .map((peering) => fabricGatewayPort(peering.name, 'pcx'));
}

export function planPeering(cloud: Cloud, peering: Peering): PlanPart {
  const name = peeringNamespace(cloud.name, peering.name);
  const sides = [
    { vpc: byId(cloud.vpcs, peering.requesterVpcId), port: PEERING_TO_REQUESTER },
    { vpc: byId(cloud.vpcs, peering.accepterVpcId), port: PEERING_TO_ACCEPTER },
  ];
  const ipv6 = sides.every(({ vpc }) => vpc.ipv6Cidr !== null);
  const blocks = (vpc: Vpc) => vpcBlocks(vpc).filter((cidr) => ipv6 || familyOf(cidr) === 'ipv4');
  return {
    namespaces: [
      {
        name,
        sysctls: routerSysctls(ipv6),
        bridges: [VOID_BRIDGE],
        configuration: [
          LOOPBACK_UP,
          `link set ${VOID} up`,
          ...sinkRoutes(VOID, ipv6),
          ...sides.flatMap(({ vpc, port }) => [
            ...nextHop(port, ipv6),
            ...blocks(vpc).map((cidr) => routeVia(cidr, port)),
          ]),
        ],
        rebuildOnChange: false,
        ruleset: () => peeringRuleset(peering),
      },
    ],
    links: sides.map(
      ({ vpc, port }, position): LinkPlan => ({
        near: { namespace: name, name: port, index: NEAR_INDEX + position, macAddress: ROUTER_MAC },
        far: {
          namespace: fabricNamespace(cloud.name, vpc.name),
          name: fabricGatewayPort(peering.name, 'pcx'),
          macAddress: ROUTER_MAC,
        },
        mtu: VPC_MTU,
      }),
    ),
  };
}
