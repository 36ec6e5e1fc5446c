import { createHash } from 'node:crypto';

/** The names and numbers by which the ruleset, the lab and the observer recognise the same kernel object. */

/** Ports of a card's bridge: towards the instance and towards the VPC. */
export const GUEST = 'guest';
export const UPLINK = 'uplink';

/**
 * A port-less bridge in every router: packets without a route go there, so that their drop can be logged like any
 * other.
 */
export const VOID = 'void';

/** Another such bridge in VPC routers, for routes whose target is gone. */
export const BLACKHOLE = 'blackhole';

/** A VPC's link to its internet gateway, and the gateway's two links. */
export const VPC_ROUTER_TO_GATEWAY = 'igw';
export const GATEWAY_TO_VPC_ROUTER = 'vpc';
export const GATEWAY_TO_INTERNET = 'internet';

/** A gateway's log prefix before the two reports of a flow's first packet that it translates. */
export const TRANSLATED_BEFORE = 'translated before';
export const TRANSLATED_AFTER = 'translated after';

/** NFLOG group on which every namespace reports drops and first admissions. */
export const LOG_GROUP = 1;

/** Bytes of each logged packet: enough for an ICMPv6 error with the TCP or UDP header inside. */
export const LOG_SNAPLEN = 128;

/** Packet marks inside a card: the origin of the packet. */
export const MARK_FROM_GUEST = 0x1;
export const MARK_FROM_UPLINK = 0x2;

/** The low bits of a connection's mark: `SecurityGroupRule.index` of the rule that admitted it. */
export const MARK_RULE_MASK = 0x00ff_ffff;

/**
 * The mark of a connection that passed without a rule, or whose rule is no longer known: tracked, and admitted by none.
 */
export const MARK_NO_RULE = MARK_RULE_MASK;

/** Set in a connection's mark when the flow is untracked: every packet of it is judged by the rules again. */
export const MARK_UNTRACKED = 0x8000_0000;

/** Set in the connection's mark of every tracked UDP flow: its time-out is not the kernel's (4.5). */
export const MARK_UDP = 0x4000_0000;

/** Set in addition when the UDP flow has become a stream. */
export const MARK_STREAM = 0x2000_0000;

/** Chains of a card that drop packets of connections beyond the allowance. */
export const OVER_ALLOWANCE = { egress: 'over-allowance-egress', ingress: 'over-allowance-ingress' } as const;

/** A card's sets of flows that connection tracking does not cover: streams of UDP, and pairs of addresses. */
export const STREAMS = { ip: 'stream4', ip6: 'stream6' } as const;
export const PAIRS = { ip: 'pair4', ip6: 'pair6' } as const;

/** Longest name of a link, without the terminating zero (kernel: IFNAMSIZ). */
const LINK_NAME_MAX = 15;

/** Name of the VPC router's link to an interface's card: `web-1.0` if it fits, else made of the interface id. */
export function vpcRouterPort(instanceName: string, networkInterface: { id: string; deviceIndex: number }): string {
  const readable = `${instanceName}.${networkInterface.deviceIndex}`;
  return readable.length <= LINK_NAME_MAX ? readable : networkInterface.id.slice(0, LINK_NAME_MAX);
}

/** A peering's links to the two VPC routers. */
export const PEERING_TO_REQUESTER = 'requester';
export const PEERING_TO_ACCEPTER = 'accepter';

/**
 * Name of a VPC router's link to a gateway that has a name of its own: `hub.tgw` if it fits. An id would change when
 * the gateway is created again.
 */
export function vpcRouterGatewayPort(name: string, kind: 'pcx' | 'tgw' | 'vpce'): string {
  const readable = `${name}.${kind}`;
  return readable.length <= LINK_NAME_MAX ? readable : `${kind}-${digest([name])}`;
}

/**
 * Packet marks in a VPC router, from the port that a packet comes in by: bits 0–11 the route table, bits 12–23 the
 * subnet, bits 24–31 the path (src/ruleset/paths.ts).
 */
export const MARK_ROUTE_TABLE_MASK = 0xfff;
export const MARK_SUBNET_MASK = 0x00ff_f000;
export const MARK_PATH_MASK = 0xff00_0000;
const SUBNET_SHIFT = 12;
const PATH_SHIFT = 24;

/**
 * @param subnet from 1, unique in the VPC
 * @param routeTable `RouteTable.number`
 * @param path its number, or 0
 */
export function vpcRouterMark(subnet: number, routeTable: number, path = 0): string {
  return hexMark((path << PATH_SHIFT) | (subnet << SUBNET_SHIFT) | routeTable);
}

/** The bits of a path's marks that MARK_PATH_MASK keeps. */
export function vpcRouterPathMark(path: number): string {
  return hexMark(path << PATH_SHIFT);
}

/**
 * The number of the pseudo route table that leads answers back to a forwarder; the real tables are fewer (200 in a
 * VPC).
 */
export function answerTable(path: number): number {
  return 0xe00 | path;
}

function hexMark(mark: number): string {
  return `0x${(mark >>> 0).toString(16).padStart(8, '0')}`;
}

/** A short hash of a list of names that changes if any of them does. */
export function digest(words: readonly string[]): string {
  return createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 10);
}
