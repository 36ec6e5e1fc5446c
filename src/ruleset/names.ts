import { digest } from './types.js';

/** The names and numbers by which the ruleset, the lab and the observer recognise the same kernel object. */

/** Ports of a card's bridge: towards the instance and towards the VPC. */
export const GUEST = 'guest';
export const UPLINK = 'uplink';

/** A port-less bridge in every router: what has no route goes there, so that its drop can be logged like any other. */
export const VOID = 'void';

/** Another one, in fabrics: where routes lead whose target is gone. */
export const BLACKHOLE = 'blackhole';

/** A VPC's link to its internet gateway, and the gateway's two links. */
export const FABRIC_TO_GATEWAY = 'igw';
export const GATEWAY_TO_FABRIC = 'vpc';
export const GATEWAY_TO_INTERNET = 'internet';

/** What a gateway writes before the two reports of a flow's first packet that it translates. */
export const TRANSLATED_BEFORE = 'translated before';
export const TRANSLATED_AFTER = 'translated after';

/** NFLOG group on which every namespace reports drops and first admissions. */
export const LOG_GROUP = 1;

/** Bytes of each logged packet: enough for an ICMPv6 error with the TCP or UDP header inside. */
export const LOG_SNAPLEN = 128;

/** Packet marks inside a card: where the packet came from. */
export const MARK_FROM_GUEST = 0x1;
export const MARK_FROM_UPLINK = 0x2;

/** The low bits of a connection's mark: `SecurityGroupRule.index` of the rule that admitted it. */
export const MARK_RULE_MASK = 0x00ff_ffff;

/** The mark of a connection that no rule was asked about, or whose rule is not known any more: tracked, and admitted by none. */
export const MARK_NO_RULE = MARK_RULE_MASK;

/** Set in a connection's mark when the flow is untracked: every packet of it is judged by the rules again. */
export const MARK_UNTRACKED = 0x8000_0000;

/** Set in the connection's mark of every tracked UDP flow: how long it lives is not the kernel's own business (4.5). */
export const MARK_UDP = 0x4000_0000;

/** Set besides when the UDP flow has become a stream. */
export const MARK_STREAM = 0x2000_0000;

/** Chains of a card that drop what would be one tracked connection too many. */
export const OVER_ALLOWANCE = { egress: 'over-allowance-egress', ingress: 'over-allowance-ingress' } as const;

/** What a card remembers beside connection tracking: streams of UDP, and pairs of addresses. */
export const STREAMS = { ip: 'stream4', ip6: 'stream6' } as const;
export const PAIRS = { ip: 'pair4', ip6: 'pair6' } as const;

/** Longest name of a link, without the terminating zero (kernel: IFNAMSIZ). */
const LINK_NAME_MAX = 15;

/** Name of the fabric's link to an interface's card: `web-1.0` where that fits, else from the interface id. */
export function fabricPort(instanceName: string, networkInterface: { id: string; deviceIndex: number }): string {
  const readable = `${instanceName}.${networkInterface.deviceIndex}`;
  return readable.length <= LINK_NAME_MAX ? readable : networkInterface.id.slice(0, LINK_NAME_MAX);
}

/** A peering's links to the two fabrics. */
export const PEERING_TO_REQUESTER = 'requester';
export const PEERING_TO_ACCEPTER = 'accepter';

/** Name of a fabric's link to a gateway that has a name of its own: `hub.tgw` where that fits. Ids change when one is made anew. */
export function fabricGatewayPort(name: string, kind: 'pcx' | 'tgw' | 'vpce'): string {
  const readable = `${name}.${kind}`;
  return readable.length <= LINK_NAME_MAX ? readable : `${kind}-${digest([name])}`;
}

/**
 * Packet marks in a fabric, from the port that a packet comes in by: bits 0–11 the route table, bits 12–23 the subnet, bits
 * 24–31 the path (src/ruleset/paths.ts).
 */
export const MARK_ROUTE_TABLE_MASK = 0xfff;
export const MARK_SUBNET_MASK = 0x00ff_f000;
export const MARK_PATH_MASK = 0xff00_0000;
const SUBNET_SHIFT = 12;
const PATH_SHIFT = 24;

/** @param subnet from 1, unique in the VPC @param routeTable `RouteTable.number` @param path its number, or 0 */
export function fabricMark(subnet: number, routeTable: number, path = 0): string {
  return hexMark((path << PATH_SHIFT) | (subnet << SUBNET_SHIFT) | routeTable);
}

/** What MARK_PATH_MASK leaves of a path's marks. */
export function fabricPathMark(path: number): string {
  return hexMark(path << PATH_SHIFT);
}

/** The number of the pseudo route table that leads answers back to a forwarder; real tables are fewer (200 in a VPC). */
export function answerTable(path: number): number {
  return 0xe00 | path;
}

function hexMark(mark: number): string {
  return `0x${(mark >>> 0).toString(16).padStart(8, '0')}`;
}
