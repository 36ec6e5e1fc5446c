/** A router of its own between the fabrics of some VPCs, which knows blocks of theirs and nothing else. */

import type { Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { fabricNamespace } from '../kernel/lab-names.js';
import type { Ruleset } from '../ruleset/index.js';
import { VOID } from '../ruleset/names.js';
import type { LinkPlan, PlanPart } from './plan.js';
import {
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

/** One VPC that the router leads to. */
export interface Side {
  readonly vpc: Vpc;
  /** The router's link to the VPC's fabric. */
  readonly port: string;
  /** Where it leads: blocks of the VPC. */
  readonly blocks: readonly string[];
}

export interface RouterBetweenVpcs {
  readonly id: string;
  readonly namespace: string;
  /** The link of every fabric to the router. */
  readonly fabricPort: string;
  readonly ipv6: boolean;
  readonly sides: readonly Side[];
  readonly ruleset: () => Ruleset;
}

export function planRouterBetween(cloud: Cloud, router: RouterBetweenVpcs): PlanPart {
  const { id, namespace, fabricPort, ipv6, sides, ruleset } = router;
  return {
    namespaces: [
      {
        name: namespace,
        stands: id,
        sysctls: routerSysctls(ipv6),
        bridges: [VOID_BRIDGE],
        configuration: [
          LOOPBACK_UP,
          `link set ${VOID} up`,
          ...sinkRoutes(VOID, ipv6),
          ...sides.flatMap(({ port, blocks }) => [
            ...nextHop(port, ipv6),
            ...blocks.map((cidr) => routeVia(cidr, port)),
          ]),
        ],
        rebuildOnChange: false,
        ruleset,
      },
    ],
    links: sides.map(
      ({ vpc, port }, position): LinkPlan => ({
        near: { namespace, name: port, index: NEAR_INDEX + position, macAddress: ROUTER_MAC },
        far: { namespace: fabricNamespace(cloud.name, vpc.name), name: fabricPort, macAddress: ROUTER_MAC },
        mtu: VPC_MTU,
      }),
    ),
  };
}
