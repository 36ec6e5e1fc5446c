/** Pieces of configuration that several kinds of namespace share. */

import type { Family } from '../cloud/groups/types.js';
import { familyOf, hostCidr } from '../cloud/network/cidr.js';
import { ROUTER_MAC } from '../kernel/lab-names.js';
import type { Bridge, Route, Setting } from '../kernel/objects.js';
import type { Sysctls } from '../kernel/sysctl.js';
import { BLACKHOLE, VOID } from '../ruleset/names.js';

/** Largest frame inside a VPC, and through an internet gateway (AWS: MTU, PEER). */
export const VPC_MTU = 9001;
export const INTERNET_MTU = 1500;

/** AWS's router answers here in every IPv6 subnet (SUB). */
export const IPV6_ROUTER = 'fe80:ec2::1';

/**
 * Interface indices of near ends, far from those that their partners get: the kernel defers the news "the partner is there"
 * of a link by up to a second when its index equals its partner's, and loses what is sent before.
 */
export const NEAR_INDEX = 30_001;

/** Of bridges: a kernel with tunnel modules puts links of its own into every namespace, from index 2 on. */
export const BRIDGE_INDEX = 20_001;

/** Bridges without ports: what is routed to them ends there, after the forward hook has seen it. */
export const VOID_BRIDGE: Bridge = { name: VOID, index: BRIDGE_INDEX };
export const BLACKHOLE_BRIDGE: Bridge = { name: BLACKHOLE, index: BRIDGE_INDEX + 1 };

/** Next hop of links between two routers; both ends use the same words, the link says which is meant. */
const NEXT_HOP = { ipv4: '169.254.0.1', ipv6: 'fe80::1' } as const;
const ANYWHERE = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;

/**
 * Families are off unless used, and IPv6 makes no noise of its own: router solicitations, duplicate-address probes and
 * autoconfiguration of hundreds of links are what made large labs slow. Reverse-path filtering would drop what AWS lets
 * pass (several interfaces, disabled source check).
 */
export function hostSysctls(ipv6: boolean): Sysctls {
  return {
    'ipv4.conf.all.rp_filter': 0,
    'ipv4.conf.default.rp_filter': 0,
    // A namespace may get its first IPv6 address while it runs.
    'ipv6.conf.default.accept_ra': 0,
    'ipv6.conf.default.accept_dad': 0,
    'ipv6.conf.default.addr_gen_mode': 1,
    'ipv6.conf.all.disable_ipv6': ipv6 ? 0 : 1,
    'ipv6.conf.default.disable_ipv6': ipv6 ? 0 : 1,
  };
}

export function routerSysctls(ipv6: boolean): Sysctls {
  return {
    ...hostSysctls(ipv6),
    ...forwardingSysctls(true, ipv6),
  };
}

/** Whether a machine passes on what is not for it; it never tells the sender of a shorter way. */
export function forwardingSysctls(forwards: boolean, ipv6: boolean): Sysctls {
  const value = forwards ? 1 : 0;
  return {
    'ipv4.ip_forward': value,
    'ipv4.conf.all.send_redirects': 0,
    'ipv4.conf.default.send_redirects': 0,
    ...(ipv6 ? { 'ipv6.conf.all.forwarding': value } : {}),
  };
}

/** In routers too: without any local address the kernel takes no gateway for valid. */
export const LOOPBACK_UP: Setting = { type: 'up', link: 'lo' };

/** Brings up a link whose other end is a router or a gateway, with its next hop known for good: nobody asks by ARP. */
export function nextHop(link: string, ipv6: boolean): Setting[] {
  return [up(link), ...families(ipv6).map((family) => permanentNeighbour(NEXT_HOP[family], ROUTER_MAC, link))];
}

export function up(link: string): Setting {
  return { type: 'up', link };
}

export function permanentNeighbour(address: string, macAddress: string, link: string): Setting {
  return { type: 'neighbour', address, macAddress, link };
}

/** One address, without a network behind the link. */
export function hostAddress(address: string, link: string): Setting {
  return { type: 'address', cidr: hostCidr(address), link };
}

/** The same; nobody is asked whether the address is taken. */
export function ipv6HostAddress(address: string, link: string): Setting {
  return { type: 'address', cidr: hostCidr(address), link, flag: 'nodad' };
}

export function route(words: Route): Setting {
  return { type: 'route', ...words };
}

/** Routes a block through a link that `nextHop` brought up. */
export function routeVia(to: string, link: string): Setting {
  return route({ to, ...nextHopOn(link, familyOf(to)) });
}

/** How to reach what lies behind the link. */
export function nextHopOn(link: string, family: Family): Pick<Route, 'via' | 'link' | 'onlink'> {
  return { via: NEXT_HOP[family], link, ...(family === 'ipv4' ? { onlink: true } : {}) };
}

export function defaultRoutes(link: string, ipv6: boolean): Setting[] {
  return families(ipv6).map((family) => routeVia(everywhere(family), link));
}

/** Sends what has no other route to the sink, where its drop can be logged. */
export function sinkRoutes(link: string, ipv6: boolean): Setting[] {
  return families(ipv6).map((to) => route({ to: everywhere(to), link }));
}

/** What every address of a family is in. */
export function everywhere(family: Family): string {
  return ANYWHERE[family];
}

export function families(ipv6: boolean): Family[] {
  return ipv6 ? ['ipv4', 'ipv6'] : ['ipv4'];
}
