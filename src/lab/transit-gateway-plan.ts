/** A transit gateway: one router between the fabrics of the VPCs that are attached. */
import { byId } from '../cloud/by-id.js';
import { isAttached } from '../cloud/transit-gateway.js';
import type { Cloud, TransitGateway, Vpc } from '../cloud/types.js';
import { vpcBlocks } from '../cloud/vpc-blocks.js';
import { transitGatewayRuleset } from '../ruleset/index.js';
import { fabricGatewayPort, VOID } from '../ruleset/names.js';
import { fabricNamespace, transitGatewayNamespace } from './names.js';
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

/** Links that a fabric has to transit gateways. */
export function transitGatewayPorts(cloud: Cloud, vpc: Vpc): string[] {
  return Object.values(cloud.transitGateways)
    .filter((gateway) => isAttached(gateway, vpc.id))
    .map(({ name }) => fabricGatewayPort(name, 'tgw'));
}

export function planTransitGateway(cloud: Cloud, gateway: TransitGateway): PlanPart {
  const name = transitGatewayNamespace(cloud.name, gateway.name);
  const sides = gateway.attachments.map(({ vpcId }, position) => ({
    vpc: byId(cloud.vpcs, vpcId),
    port: `attachment-${position}`,
  }));
  const ipv6 = sides.some(({ vpc }) => vpc.ipv6Cidr !== null);
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
            ...nextHop(port, vpc.ipv6Cidr !== null),
            ...vpcBlocks(vpc).map((cidr) => routeVia(cidr, port)),
          ]),
        ],
        rebuildOnChange: false,
        ruleset: transitGatewayRuleset,
      },
    ],
    links: sides.map(
      ({ vpc, port }, position): LinkPlan => ({
        near: { namespace: name, name: port, index: NEAR_INDEX + position, macAddress: ROUTER_MAC },
        far: {
          namespace: fabricNamespace(cloud.name, vpc.name),
          name: fabricGatewayPort(gateway.name, 'tgw'),
          macAddress: ROUTER_MAC,
        },
        mtu: VPC_MTU,
      }),
    ),
  };
}
