/** A router of its own between the fabrics of some VPCs, which knows blocks of theirs and nothing else. */
import type { Vpc } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import { ROUTER_MAC, vpcRouterNamespace } from '../kernel/lab-names.js';
import type { Link } from '../kernel/objects.js';
import { VOID } from '../ruleset/names.js';
import type { Ruleset } from '../ruleset/ruleset.js';
import type { NamespacePlan } from './namespace-state.js';
import {
  LOOPBACK_UP,
  NEAR_INDEX,
  nextHop,
  routerSysctls,
  routeVia,
  sinkRoutes,
  up,
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

export interface InterVpcRouter {
  readonly id: string;
  readonly namespace: string;
  /** The link of every fabric to the router. */
  readonly vpcRouterPort: string;
  readonly ipv6: boolean;
  readonly sides: readonly Side[];
  readonly ruleset: (cloud: Cloud) => Ruleset;
}

export function planInterVpcRouter(cloud: Cloud, router: InterVpcRouter): NamespacePlan[] {
  const { id, namespace, vpcRouterPort, ipv6, sides, ruleset } = router;
  const links = sides.map(
    ({ vpc, port }, position): Link => ({
      near: { namespace, name: port, index: NEAR_INDEX + position, macAddress: ROUTER_MAC },
      far: { namespace: vpcRouterNamespace(cloud.name, vpc.name), name: vpcRouterPort, macAddress: ROUTER_MAC },
      mtu: VPC_MTU,
    }),
  );
  return [
    {
      name: namespace,
      resourceId: id,
      sysctls: routerSysctls(ipv6),
      bridges: [VOID_BRIDGE],
      links,
      settings: [
        LOOPBACK_UP,
        up(VOID),
        ...sinkRoutes(VOID, ipv6),
        ...sides.flatMap(({ port, blocks }) => [...nextHop(port, ipv6), ...blocks.map((cidr) => routeVia(cidr, port))]),
      ],
      isMachine: false,
      rebuildOnChange: false,
      ruleset,
    },
  ];
}
