/** One VPC: its fabric (a router that knows every interface) and, where it has one, its internet gateway. */

import { gatewayEndpointsOf } from '../cloud/gateways/gateway-endpoint.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId } from '../cloud/lookup.js';
import { hostCidr, nthAddress, parseCidr } from '../cloud/network/cidr.js';
import { serviceAddresses } from '../cloud/network/link-local.js';
import type { Subnet, Vpc } from '../cloud/network/types.js';
import { hasGateway, vpcBlocks } from '../cloud/network/vpc-blocks.js';
import type { Cloud } from '../cloud/types.js';
import { gatewayNamespace, hash31, internetNamespace, ROUTER_MAC, vpcRouterNamespace } from '../kernel/lab-names.js';
import type { Link, Setting } from '../kernel/objects.js';
import { internetGatewayRuleset } from '../ruleset/gateway-routers.js';
import {
  BLACKHOLE,
  GATEWAY_TO_INTERNET,
  GATEWAY_TO_VPC_ROUTER,
  VOID,
  VPC_ROUTER_TO_GATEWAY,
  vpcRouterGatewayPort,
  vpcRouterPort,
} from '../ruleset/names.js';
import { vpcRouterRuleset } from '../ruleset/vpc-router.js';
import type { NamespacePlan } from './namespace-state.js';
import { peeringPorts } from './peering-plan.js';
import { planRouting } from './route-plan.js';
import {
  BLACKHOLE_BRIDGE,
  defaultRoutes,
  hostAddress,
  INTERNET_MTU,
  IPV6_ROUTER,
  ipv6HostAddress,
  LOOPBACK_UP,
  NEAR_INDEX,
  nextHop,
  permanentNeighbour,
  route,
  routerSysctls,
  routeVia,
  up,
  VOID_BRIDGE,
  VPC_MTU,
} from './routing.js';
import { transitGatewayPorts } from './transit-gateway-plan.js';

export function planVpc(cloud: Cloud, vpc: Vpc): NamespacePlan[] {
  const vpcRouter = vpcRouterPlan(cloud, vpc);
  return hasGateway(vpc) ? [vpcRouter, gatewayPlan(cloud, vpc)] : [vpcRouter];
}

function vpcRouterPlan(cloud: Cloud, vpc: Vpc): NamespacePlan {
  const ipv6 = vpc.ipv6Cidr !== null;
  const subnets = Object.values(cloud.subnets).filter((subnet) => subnet.vpcId === vpc.id);
  const subnetIds = new Set(subnets.map((subnet) => subnet.id));
  const interfaces = Object.values(cloud.networkInterfaces).filter((eni) => subnetIds.has(eni.subnetId));
  return {
    name: vpcRouterNamespace(cloud.name, vpc.name),
    resourceId: vpc.id,
    // An instance may ask by ARP for any address of its subnet: the router answers for all of them, as AWS's does.
    sysctls: { ...routerSysctls(ipv6), 'ipv4.conf.all.proxy_arp': 1 },
    bridges: [VOID_BRIDGE, BLACKHOLE_BRIDGE],
    links: [],
    settings: [
      LOOPBACK_UP,
      up(VOID),
      up(BLACKHOLE),
      ...subnets.flatMap(routerAddresses),
      ...serviceAddresses(vpc).map((address) => hostAddress(address, 'lo')),
      ...(hasGateway(vpc) ? nextHop(VPC_ROUTER_TO_GATEWAY, ipv6) : []),
      ...[...peeringPorts(cloud, vpc), ...transitGatewayPorts(cloud, vpc)].flatMap((port) => nextHop(port, ipv6)),
      ...gatewayEndpointsOf(cloud, vpc.id).flatMap(({ name }) => nextHop(vpcRouterGatewayPort(name, 'vpce'), false)),
      ...vpcBlocks(vpc).map((to) => route({ to, link: VOID })),
      ...interfaces.flatMap((eni) => portSettings(cloud, eni)),
    ],
    routing: planRouting(cloud, vpc),
    isMachine: false,
    rebuildOnChange: false,
    ruleset: (now) => vpcRouterRuleset(now, vpc.id),
  };
}

/** The subnet's base address plus one belongs to the router (SUB). */
function routerAddresses(subnet: Subnet): Setting[] {
  return subnetCidrs(subnet).map((cidr) => hostAddress(nthAddress(parseCidr(cidr), 1n), 'lo'));
}

function subnetCidrs(subnet: Subnet): string[] {
  return subnet.ipv6Cidr === null ? [subnet.cidr] : [subnet.cidr, subnet.ipv6Cidr];
}

function portSettings(cloud: Cloud, eni: NetworkInterface): Setting[] {
  const port = vpcRouterPort(byId(cloud.instances, eni.instanceId).name, eni);
  const addresses = [...eni.privateIpAddresses, ...eni.ipv6Addresses];
  return [
    up(port),
    // Without the address nobody would answer an instance that asks by neighbour discovery (S33).
    ...(eni.ipv6Addresses.length > 0 ? [ipv6HostAddress(IPV6_ROUTER, port)] : []),
    ...addresses.flatMap((address) => [
      permanentNeighbour(address, eni.macAddress, port),
      route({ to: hostCidr(address), link: port }),
    ]),
  ];
}

/** RFC 9780: an address of nobody. */
const DUMMY_ADDRESS = '100:0:0:1::8';

function gatewayPlan(cloud: Cloud, vpc: Vpc): NamespacePlan {
  const ipv6 = vpc.ipv6Cidr !== null;
  return {
    name: gatewayNamespace(cloud.name, vpc.name),
    resourceId: vpc.id,
    sysctls: routerSysctls(ipv6),
    bridges: [],
    links: gatewayLinks(cloud, vpc),
    settings: [
      LOOPBACK_UP,
      ...nextHop(GATEWAY_TO_VPC_ROUTER, ipv6),
      ...nextHop(GATEWAY_TO_INTERNET, ipv6),
      // What it says of packets that are too big comes from an address that routers forward: IPv4 has 192.0.0.8 for that.
      ...(ipv6 ? [ipv6HostAddress(DUMMY_ADDRESS, 'lo')] : []),
      ...vpcBlocks(vpc).map((cidr) => routeVia(cidr, GATEWAY_TO_VPC_ROUTER)),
      ...defaultRoutes(GATEWAY_TO_INTERNET, ipv6),
    ],
    isMachine: false,
    rebuildOnChange: false,
    ruleset: (now) => internetGatewayRuleset(now, vpc.id),
  };
}

function gatewayLinks(cloud: Cloud, vpc: Vpc): Link[] {
  const namespace = gatewayNamespace(cloud.name, vpc.name);
  return [
    {
      near: { namespace, name: GATEWAY_TO_VPC_ROUTER, index: NEAR_INDEX, macAddress: ROUTER_MAC },
      far: {
        namespace: vpcRouterNamespace(cloud.name, vpc.name),
        name: VPC_ROUTER_TO_GATEWAY,
        macAddress: ROUTER_MAC,
      },
      mtu: VPC_MTU,
    },
    {
      near: { namespace, name: GATEWAY_TO_INTERNET, index: NEAR_INDEX + 1, macAddress: ROUTER_MAC },
      far: {
        namespace: internetNamespace(cloud.name),
        name: internetPortOfVpc(vpc),
        macAddress: ROUTER_MAC,
      },
      mtu: INTERNET_MTU,
    },
  ];
}

/** The internet's link to a VPC's gateway. */
export function internetPortOfVpc(vpc: Vpc): string {
  const readable = `${vpc.name}.igw`;
  return readable.length <= 15 ? readable : `igw-${hash31(vpc.name).toString(16)}`;
}
