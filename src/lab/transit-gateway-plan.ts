/** A transit gateway: one router between the fabrics of the VPCs that are attached. */

import { isAttached } from '../cloud/gateways/transit-gateway.js';
import type { TransitGateway } from '../cloud/gateways/types.js';
import { byId } from '../cloud/lookup.js';
import type { Vpc } from '../cloud/network/types.js';
import { vpcBlocks } from '../cloud/network/vpc-blocks.js';
import type { Cloud } from '../cloud/types.js';
import { transitGatewayNamespace } from '../kernel/lab-names.js';
import { transitGatewayRuleset } from '../ruleset/gateway-routers.js';
import { vpcRouterGatewayPort } from '../ruleset/names.js';
import { planInterVpcRouter } from './inter-vpc-router.js';
import type { NamespacePlan } from './namespace-state.js';

/** Links that a fabric has to transit gateways. */
export function transitGatewayPorts(cloud: Cloud, vpc: Vpc): string[] {
  return Object.values(cloud.transitGateways)
    .filter((gateway) => isAttached(gateway, vpc.id))
    .map(({ name }) => vpcRouterGatewayPort(name, 'tgw'));
}

export function planTransitGateway(cloud: Cloud, gateway: TransitGateway): NamespacePlan[] {
  const vpcs = gateway.attachments.map(({ vpcId }) => byId(cloud.vpcs, vpcId));
  return planInterVpcRouter(cloud, {
    id: gateway.id,
    namespace: transitGatewayNamespace(cloud.name, gateway.name),
    vpcRouterPort: vpcRouterGatewayPort(gateway.name, 'tgw'),
    ipv6: vpcs.some((vpc) => vpc.ipv6Cidr !== null),
    sides: vpcs.map((vpc, position) => ({ vpc, port: `attachment-${position}`, blocks: vpcBlocks(vpc) })),
    ruleset: (now) => transitGatewayRuleset(now, gateway),
  });
}
