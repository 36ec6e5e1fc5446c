/** One instance: its own namespace, and for each network interface a card namespace that filters. */

import type { Instance } from '../cloud/instances/types.js';
import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId } from '../cloud/lookup.js';
import { familyOf, hostCidr, nthAddress, parseCidr } from '../cloud/network/cidr.js';
import type { Cloud } from '../cloud/types.js';
import { cardNamespace, instanceNamespace, ROUTER_MAC, vpcRouterNamespace } from '../kernel/lab-names.js';
import type { Link, Routing, RoutingRule, Setting } from '../kernel/objects.js';
import type { Sysctls } from '../kernel/sysctl.js';
import { cardRuleset } from '../ruleset/card.js';
import { forwarderRuleset } from '../ruleset/forwarder.js';
import { GUEST, UPLINK, vpcRouterPort } from '../ruleset/names.js';
import type { Ruleset } from '../ruleset/ruleset.js';
import type { NamespacePlan } from './namespace-state.js';
import {
  BRIDGE_INDEX,
  everywhere,
  forwardingSysctls,
  hostSysctls,
  IPV6_ROUTER,
  ipv6HostAddress,
  LOOPBACK_UP,
  NEAR_INDEX,
  permanentNeighbour,
  route,
  up,
  VPC_MTU,
} from './routing.js';

/** Metrics above the one that the kernel gives a route over IPv6 without any. */
const AFTER_PRIMARY = 1024;

const BRIDGE = { name: 'br0', index: BRIDGE_INDEX } as const;

/**
 * The card's bridge hands its packets to the inet hooks and to connection tracking. Tracking neither checks TCP
 * windows nor insists on a handshake: security groups look at addresses and ports only (4.5, S76), and sums are the
 * receiver's business.
 */
const CARD_SYSCTLS: Sysctls = {
  'ipv6.conf.all.disable_ipv6': 1,
  'ipv6.conf.default.disable_ipv6': 1,
  'bridge.bridge-nf-call-iptables': 1,
  'bridge.bridge-nf-call-ip6tables': 1,
  'bridge.bridge-nf-call-arptables': 0,
  'netfilter.nf_conntrack_checksum': 0,
  'netfilter.nf_conntrack_tcp_be_liberal': 1,
  'netfilter.nf_conntrack_tcp_loose': 1,
  'netfilter.nf_conntrack_acct': 1,
};

/**
 * An interface's idle time-outs. Both UDP time-outs are the one of a flow that is no stream: the kernel's idea of a stream is
 * not AWS's (src/ruleset/tracking.ts). Data that nobody acknowledges would shorten an established connection's life.
 */
function trackingSysctls({ connectionTracking }: NetworkInterface): Sysctls {
  const { tcpEstablishedTimeout, udpTimeout } = connectionTracking;
  return {
    'netfilter.nf_conntrack_tcp_timeout_established': tcpEstablishedTimeout,
    'netfilter.nf_conntrack_tcp_timeout_unacknowledged': tcpEstablishedTimeout,
    'netfilter.nf_conntrack_tcp_timeout_max_retrans': tcpEstablishedTimeout,
    'netfilter.nf_conntrack_udp_timeout': udpTimeout,
    'netfilter.nf_conntrack_udp_timeout_stream': udpTimeout,
  };
}

/** Seconds after which a NAT gateway forgets an idle connection (NATT). */
const NAT_IDLE = 350;

/** A connection that is not begun with a handshake is none: what it then continues is answered by a RST. */
const NAT_GATEWAY_SYSCTLS: Sysctls = {
  'netfilter.nf_conntrack_checksum': 0,
  'netfilter.nf_conntrack_tcp_be_liberal': 1,
  'netfilter.nf_conntrack_tcp_loose': 0,
  'netfilter.nf_conntrack_tcp_timeout_established': NAT_IDLE,
  'netfilter.nf_conntrack_tcp_timeout_unacknowledged': NAT_IDLE,
  'netfilter.nf_conntrack_udp_timeout': NAT_IDLE,
  'netfilter.nf_conntrack_udp_timeout_stream': NAT_IDLE,
  'netfilter.nf_conntrack_icmp_timeout': NAT_IDLE,
};

export function planInstance(cloud: Cloud, instance: Instance): NamespacePlan[] {
  const interfaces = instance.interfaceIds.map((id) => byId(cloud.networkInterfaces, id));
  return [
    instanceNamespacePlan(cloud, instance, interfaces),
    ...interfaces.map((eni) => cardPlan(cloud, instance, eni)),
  ];
}

function instanceNamespacePlan(
  cloud: Cloud,
  instance: Instance,
  interfaces: readonly NetworkInterface[],
): NamespacePlan {
  const ipv6 = interfaces.some((eni) => eni.ipv6Addresses.length > 0);
  const forwarder = forwarderRuleset(cloud, instance);
  const forwards = forwarder !== null || interfaces.some((eni) => !eni.sourceDestCheck);
  return {
    name: instanceNamespace(cloud.name, instance.name),
    resourceId: instance.id,
    sysctls: {
      ...hostSysctls(ipv6),
      ...forwardingSysctls(forwards, ipv6),
      ...(instance.kind === 'nat-gateway' ? NAT_GATEWAY_SYSCTLS : {}),
    },
    bridges: [],
    links: [],
    settings: [LOOPBACK_UP, ...interfaces.flatMap((eni) => interfaceSettings(cloud, eni))],
    ...(interfaces.length === 1 ? {} : { routing: sourceRouting(interfaces) }),
    isMachine: true,
    rebuildOnChange: false,
    ruleset: forwarder === null ? null : (now) => forwarderOf(now, instance.id),
  };
}

/** @throws where the instance is none that forwards: it would have been planned without a ruleset */
function forwarderOf(cloud: Cloud, instanceId: string): Ruleset {
  const ruleset = forwarderRuleset(cloud, byId(cloud.instances, instanceId));
  if (ruleset === null) throw new Error(`${instanceId} forwards nothing`);
  return ruleset;
}

function cardPlan(cloud: Cloud, instance: Instance, eni: NetworkInterface): NamespacePlan {
  return {
    name: cardNamespace(cloud.name, instance.name, eni.deviceIndex),
    resourceId: eni.id,
    sysctls: { ...CARD_SYSCTLS, ...trackingSysctls(eni) },
    bridges: [BRIDGE],
    links: cardLinks(cloud, instance, eni),
    settings: [],
    isMachine: false,
    rebuildOnChange: true,
    addressesBehindLinks: [...eni.privateIpAddresses, ...eni.ipv6Addresses],
    ruleset: (now) => cardRuleset(now, eni.id),
  };
}

function cardLinks(cloud: Cloud, instance: Instance, eni: NetworkInterface): Link[] {
  const card = cardNamespace(cloud.name, instance.name, eni.deviceIndex);
  const vpc = byId(cloud.vpcs, byId(cloud.subnets, eni.subnetId).vpcId);
  return [
    {
      near: { namespace: card, name: GUEST, index: NEAR_INDEX, master: BRIDGE.index },
      far: {
        namespace: instanceNamespace(cloud.name, instance.name),
        name: `eth${eni.deviceIndex}`,
        macAddress: eni.macAddress,
      },
      mtu: VPC_MTU,
    },
    {
      near: { namespace: card, name: UPLINK, index: NEAR_INDEX + 1, master: BRIDGE.index },
      far: {
        namespace: vpcRouterNamespace(cloud.name, vpc.name),
        name: vpcRouterPort(instance.name, eni),
        macAddress: ROUTER_MAC,
      },
      mtu: VPC_MTU,
    },
  ];
}

/**
 * Everything goes to the router, neighbours in the subnet too: AWS has no layer 2, and one permanent neighbour per
 * interface cannot overflow the host's table as one per pair does (1 024 entries, shared by all namespaces).
 */
function interfaceSettings(cloud: Cloud, eni: NetworkInterface): Setting[] {
  const link = `eth${eni.deviceIndex}`;
  const subnet = parseCidr(byId(cloud.subnets, eni.subnetId).cidr);
  const router = nthAddress(subnet, 1n);
  const [first] = eni.privateIpAddresses;
  const source = first === undefined ? {} : { source: first };
  const [ipv6Source] = eni.ipv6Addresses;
  const table = eni.deviceIndex === 0 ? {} : { table: routeTable(eni) };
  const ipv6 =
    ipv6Source === undefined
      ? []
      : [
          ...eni.ipv6Addresses.map((address) => ipv6HostAddress(address, link)),
          permanentNeighbour(IPV6_ROUTER, ROUTER_MAC, link),
          route({ to: everywhere('ipv6'), via: IPV6_ROUTER, link, source: ipv6Source, ...table }),
        ];
  return [
    up(link),
    ...eni.privateIpAddresses.map((ip) => subnetAddress(`${ip}/${subnet.prefixLength}`, link)),
    permanentNeighbour(router, ROUTER_MAC, link),
    route({ to: hostCidr(router), link, scope: 'link', ...source, ...table }),
    route({ to: everywhere('ipv4'), via: router, link, onlink: true, ...source, ...table }),
    ...ipv6,
    ...(eni.deviceIndex === 0 ? [] : fallbackRoutes(eni, router)),
  ];
}

/** Without the route to its subnet that the kernel would add. */
function subnetAddress(cidr: string, link: string): Setting {
  return { type: 'address', cidr, link, flag: 'noprefixroute' };
}

/** Lets a program that asks for this link by name (`ping -I eth1`) find a way; the primary interface's comes first. */
function fallbackRoutes({ deviceIndex, ipv6Addresses }: NetworkInterface, router: string): Setting[] {
  const link = `eth${deviceIndex}`;
  const metric = AFTER_PRIMARY + deviceIndex;
  return [
    route({ to: everywhere('ipv4'), via: router, link, onlink: true, metric }),
    ...(ipv6Addresses.length === 0 ? [] : [route({ to: everywhere('ipv6'), via: IPV6_ROUTER, link, metric })]),
  ];
}

/** What an additional interface sends must leave through it: its addresses have a route table of their own. */
function sourceRouting(interfaces: readonly NetworkInterface[]): Routing {
  const rules = interfaces
    .filter((eni) => eni.deviceIndex > 0)
    .flatMap((eni): RoutingRule[] => {
      const table = routeTable(eni);
      return [...eni.privateIpAddresses, ...eni.ipv6Addresses].map((from) => {
        return { family: familyOf(from), priority: SOURCE_RULES + table, from, table };
      });
    });
  return { rules, routes: [] };
}

/** Before the kernel's own rules, and among those by which sglab knows its own. */
const SOURCE_RULES = 10_000;

const routeTable = (eni: NetworkInterface) => 1000 + eni.deviceIndex;
