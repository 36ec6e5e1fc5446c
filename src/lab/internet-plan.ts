/** The internet: one router between the gateways of all VPCs and the external hosts, each a machine of its own. */

import type { ExternalHost } from '../cloud/instances/types.js';
import { byId } from '../cloud/lookup.js';
import { familyOf, hostCidr } from '../cloud/network/cidr.js';
import type { Vpc } from '../cloud/network/types.js';
import { hasGateway } from '../cloud/network/vpc-blocks.js';
import type { Cloud } from '../cloud/types.js';
import { hash31, hostNamespace, internetNamespace, ROUTER_MAC } from '../kernel/lab-names.js';
import type { Link, Setting } from '../kernel/objects.js';
import { internetRuleset } from '../ruleset/gateway-routers.js';
import { VOID } from '../ruleset/names.js';
import { internetPortSettings } from './gateway-endpoint-plan.js';
import type { NamespacePlan } from './namespace-state.js';
import {
  defaultRoutes,
  hostAddress,
  hostSysctls,
  INTERNET_MTU,
  ipv6HostAddress,
  LOOPBACK_UP,
  NEAR_INDEX,
  nextHop,
  routerSysctls,
  routeVia,
  sinkRoutes,
  up,
  VOID_BRIDGE,
} from './routing.js';
import { internetPortOfVpc } from './vpc-plan.js';

/** Nothing at all for a cloud that has neither a gateway or gateway endpoint nor an external host. */
export function planInternet(cloud: Cloud): NamespacePlan[] {
  const hosts = Object.values(cloud.externalHosts);
  const vpcs = Object.values(cloud.vpcs).filter(hasGateway);
  const hasEndpoints = Object.keys(cloud.gatewayEndpoints).length > 0;
  if (hosts.length === 0 && vpcs.length === 0 && !hasEndpoints) return [];
  return [internetPlan(cloud, hosts, vpcs), ...hosts.map((host) => hostPlan(cloud, host))];
}

function internetPlan(cloud: Cloud, hosts: readonly ExternalHost[], vpcs: readonly Vpc[]): NamespacePlan {
  const ipv6 = hosts.some(hasIpv6) || vpcs.some((vpc) => vpc.ipv6Cidr !== null);
  return {
    name: internetNamespace(cloud.name),
    resourceId: 'the internet',
    sysctls: routerSysctls(ipv6),
    bridges: [VOID_BRIDGE],
    links: [],
    settings: [
      LOOPBACK_UP,
      up(VOID),
      ...sinkRoutes(VOID, ipv6),
      ...hosts.flatMap(hostPortSettings),
      ...vpcs.flatMap((vpc) => vpcPortSettings(cloud, vpc)),
      ...Object.values(cloud.gatewayEndpoints).flatMap(internetPortSettings),
    ],
    isMachine: false,
    rebuildOnChange: false,
    ruleset: internetRuleset,
  };
}

/** A VPC is reached at its public IPv4 addresses only, and at its whole IPv6 block: IPv6 is not translated. */
function vpcPortSettings(cloud: Cloud, vpc: Vpc): Setting[] {
  const port = internetPortOfVpc(vpc);
  const publicIps = Object.values(cloud.networkInterfaces)
    .filter((eni) => byId(cloud.subnets, eni.subnetId).vpcId === vpc.id)
    .flatMap((eni) => (eni.publicIp === null ? [] : [hostCidr(eni.publicIp)]));
  const blocks = vpc.ipv6Cidr === null ? publicIps : [...publicIps, vpc.ipv6Cidr];
  return [...nextHop(port, vpc.ipv6Cidr !== null), ...blocks.map((cidr) => routeVia(cidr, port))];
}

function hostPortSettings(host: ExternalHost): Setting[] {
  const port = hostPort(host);
  return [...nextHop(port, hasIpv6(host)), ...host.addresses.map((address) => routeVia(hostCidr(address), port))];
}

function hostPlan(cloud: Cloud, host: ExternalHost): NamespacePlan {
  return {
    name: hostNamespace(cloud.name, host.name),
    resourceId: host.name,
    sysctls: hostSysctls(hasIpv6(host)),
    bridges: [],
    links: [hostLink(cloud, host)],
    settings: [
      LOOPBACK_UP,
      ...host.addresses.map((address) =>
        familyOf(address) === 'ipv6' ? ipv6HostAddress(address, 'eth0') : hostAddress(address, 'eth0'),
      ),
      ...nextHop('eth0', hasIpv6(host)),
      ...defaultRoutes('eth0', hasIpv6(host)),
    ],
    isMachine: true,
    rebuildOnChange: true,
    ruleset: null,
  };
}

function hostLink(cloud: Cloud, host: ExternalHost): Link {
  return {
    near: { namespace: hostNamespace(cloud.name, host.name), name: 'eth0', index: NEAR_INDEX, macAddress: ROUTER_MAC },
    far: { namespace: internetNamespace(cloud.name), name: hostPort(host), macAddress: ROUTER_MAC },
    mtu: INTERNET_MTU,
  };
}

/** The internet's link to an external host. */
function hostPort(host: ExternalHost): string {
  const readable = `${host.name}.0`;
  return readable.length <= 15 ? readable : `host-${hash31(host.name).toString(16)}`;
}

function hasIpv6(host: ExternalHost): boolean {
  return host.addresses.some((address) => familyOf(address) === 'ipv6');
}
