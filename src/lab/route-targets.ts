/** How a fabric reaches the targets of routes. */

import { findPeering } from '../cloud/gateways/peering.js';
import type { Family } from '../cloud/groups/types.js';
import { byId } from '../cloud/lookup.js';
import { familyOf } from '../cloud/network/cidr.js';
import type { RouteTarget } from '../cloud/network/types.js';
import type { Cloud } from '../cloud/types.js';
import type { Route } from '../kernel/objects.js';
import { VPC_ROUTER_TO_GATEWAY, vpcRouterGatewayPort, vpcRouterPort } from '../ruleset/names.js';
import { nextHopOn } from './routing.js';

export type NextHop = Pick<Route, 'via' | 'link' | 'onlink'>;

/** Null where the target takes nothing of this family. */
export function nextHopOf(cloud: Cloud, target: RouteTarget, family: Family): NextHop | null {
  switch (target.type) {
    case 'internet-gateway':
      return nextHopOn(VPC_ROUTER_TO_GATEWAY, family);
    case 'egress-only-internet-gateway':
      return family === 'ipv6' ? nextHopOn(VPC_ROUTER_TO_GATEWAY, family) : null;
    case 'interface':
      return viaInterface(cloud, target.interfaceId, family);
    case 'peering':
      return viaPeering(cloud, target.peeringId, family);
    case 'gateway-endpoint':
      return nextHopOn(vpcRouterGatewayPort(byId(cloud.gatewayEndpoints, target.endpointId).name, 'vpce'), family);
    case 'transit-gateway':
      return nextHopOn(vpcRouterGatewayPort(byId(cloud.transitGateways, target.transitGatewayId).name, 'tgw'), family);
    case 'local':
      return null;
  }
}

/** Until a newer peering has taken its name; what a peering that is not active lets through is its own business. */
function viaPeering(cloud: Cloud, peeringId: string, family: Family): NextHop | null {
  const peering = byId(cloud.peerings, peeringId);
  if (findPeering(cloud, peering.name)?.id !== peeringId) return null;
  return nextHopOn(vpcRouterGatewayPort(peering.name, 'pcx'), family);
}

/** The neighbours of the fabric's ports are the addresses of their interfaces. */
function viaInterface(cloud: Cloud, interfaceId: string, family: Family): NextHop | null {
  const eni = byId(cloud.networkInterfaces, interfaceId);
  const [address] = [...eni.privateIpAddresses, ...eni.ipv6Addresses].filter((each) => familyOf(each) === family);
  if (address === undefined) return null;
  const port = vpcRouterPort(byId(cloud.instances, eni.instanceId).name, eni);
  return { via: address, link: port, onlink: true };
}
