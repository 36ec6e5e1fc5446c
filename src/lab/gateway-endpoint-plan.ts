/** A gateway endpoint: a way of its own from a fabric to the internet, for one service. */

import type { GatewayEndpoint } from '../cloud/gateways/types.js';
import { byId } from '../cloud/lookup.js';
import { hostCidr } from '../cloud/network/cidr.js';
import type { Cloud } from '../cloud/types.js';
import { endpointNamespace, internetNamespace, ROUTER_MAC, vpcRouterNamespace } from '../kernel/lab-names.js';
import type { Setting } from '../kernel/objects.js';
import { gatewayEndpointRuleset } from '../ruleset/gateway-endpoint.js';
import { GATEWAY_TO_INTERNET, GATEWAY_TO_VPC_ROUTER, vpcRouterGatewayPort } from '../ruleset/names.js';
import type { NamespacePlan } from './namespace-state.js';
import {
  defaultRoutes,
  hostAddress,
  INTERNET_MTU,
  LOOPBACK_UP,
  NEAR_INDEX,
  nextHop,
  routerSysctls,
  routeVia,
  VPC_MTU,
} from './routing.js';

export function planGatewayEndpoint(cloud: Cloud, endpoint: GatewayEndpoint): NamespacePlan[] {
  const namespace = endpointNamespace(cloud.name, endpoint.name);
  const vpc = byId(cloud.vpcs, endpoint.vpcId);
  const port = vpcRouterGatewayPort(endpoint.name, 'vpce');
  const near = (name: string, index: number) => ({ namespace, name, index, macAddress: ROUTER_MAC });
  const far = (other: string) => ({ namespace: other, name: port, macAddress: ROUTER_MAC });
  return [
    {
      name: namespace,
      resourceId: endpoint.id,
      sysctls: routerSysctls(false),
      bridges: [],
      links: [
        {
          near: near(GATEWAY_TO_VPC_ROUTER, NEAR_INDEX),
          far: far(vpcRouterNamespace(cloud.name, vpc.name)),
          mtu: VPC_MTU,
        },
        { near: near(GATEWAY_TO_INTERNET, NEAR_INDEX + 1), far: far(internetNamespace(cloud.name)), mtu: INTERNET_MTU },
      ],
      settings: [
        LOOPBACK_UP,
        hostAddress(endpoint.publicIp, 'lo'),
        ...nextHop(GATEWAY_TO_VPC_ROUTER, false),
        ...nextHop(GATEWAY_TO_INTERNET, false),
        ...vpc.cidrs.map((cidr) => routeVia(cidr, GATEWAY_TO_VPC_ROUTER)),
        ...defaultRoutes(GATEWAY_TO_INTERNET, false),
      ],
      isMachine: false,
      rebuildOnChange: false,
      ruleset: (now) => gatewayEndpointRuleset(now, endpoint),
    },
  ];
}

/** What the internet's router needs to reach the endpoint. */
export function internetPortSettings({ name, publicIp }: GatewayEndpoint): Setting[] {
  const port = vpcRouterGatewayPort(name, 'vpce');
  return [...nextHop(port, false), routeVia(hostCidr(publicIp), port)];
}
