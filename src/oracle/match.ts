import type { SecurityGroupRule } from '../cloud/groups/types.js';
import { byId } from '../cloud/lookup.js';
import { cidrContains, parseAddress, parseCidr } from '../cloud/network/cidr.js';
import type { Cloud } from '../cloud/types.js';
import { ICMP, ICMPV6, type ModelPacket, TCP, UDP } from './packet.js';

/** The first thing about a rule that does not fit a packet, in the order in which a reader would look. */
export interface Mismatch {
  readonly kind: 'protocol' | 'port' | 'icmp' | 'family' | 'peer';
  /** `destination port 22 is not in 80-443`, `source 10.0.2.7 is not in 10.0.1.0/24`. */
  readonly text: string;
}

/**
 * The other end of a packet, as a rule sees it. A group is matched by identity (section 3.2): normally the address tells
 * which interface that is; where a packet was forwarded or handed on by a balancer, the path tells, and `groups` says so.
 */
export interface PeerView {
  readonly address: string;
  /** Groups whose members the peer is one of. */
  readonly groupIds: ReadonlySet<string>;
  /** Groups that have a member with the address, although references to them do not match this packet; null where none has. */
  readonly unmatched: { readonly groupIds: ReadonlySet<string>; readonly why: string } | null;
}

/** The traffic that a rule or entry is about, whatever its ends. */
type Traffic = Pick<SecurityGroupRule, 'protocol' | 'fromPort' | 'toPort'>;

const NUMBERS: Readonly<Record<string, number>> = { icmp: ICMP, tcp: TCP, udp: UDP, icmpv6: ICMPV6 };

/** Why the rule does not match the packet; null when it does. The rule's direction is the caller's business. */
export function mismatch(cloud: Cloud, rule: SecurityGroupRule, packet: ModelPacket, peer: PeerView): Mismatch | null {
  return protocolMismatch(rule, packet) ?? rangeMismatch(rule, packet) ?? peerMismatch(cloud, rule, packet, peer);
}

/** Everything about the rule that does not fit, in the same order: the fewer, the nearer it is to matching. */
export function mismatches(
  cloud: Cloud,
  rule: SecurityGroupRule,
  packet: ModelPacket,
  peer: PeerView,
): readonly Mismatch[] {
  const protocol = protocolMismatch(rule, packet);
  // Ports and types of different protocols have nothing to do with each other.
  const range = protocol === null ? rangeMismatch(rule, packet) : null;
  return [protocol, range, peerMismatch(cloud, rule, packet, peer)].filter((each) => each !== null);
}

/** `-1` is every protocol; a number or name is that one (1.2). */
export function protocolMismatch({ protocol }: Traffic, packet: ModelPacket): Mismatch | null {
  if (protocol === '-1' || (NUMBERS[protocol] ?? Number(protocol)) === packet.protocol) return null;
  return { kind: 'protocol', text: `protocol ${protocolName(packet.protocol)} is not ${protocol}` };
}

/** Ports of tcp and udp, type and code of icmp; other protocols have neither (1.2). */
export function rangeMismatch({ protocol, fromPort, toPort }: Traffic, packet: ModelPacket): Mismatch | null {
  if (fromPort === null || toPort === null || protocol === '-1') return null;
  if (packet.icmp !== null) {
    const { type, code } = packet.icmp;
    const fits = fromPort === -1 || (fromPort === type && (toPort === -1 || toPort === code));
    return fits ? null : { kind: 'icmp', text: `ICMP ${type}/${code} is not ${fromPort}/${toPort}` };
  }
  if (fromPort <= packet.destinationPort && packet.destinationPort <= toPort) return null;
  const range = fromPort === toPort ? `${fromPort}` : `in ${fromPort}-${toPort}`;
  return { kind: 'port', text: `destination port ${packet.destinationPort} is not ${range}` };
}

function peerMismatch(
  cloud: Cloud,
  { direction, peer }: SecurityGroupRule,
  packet: ModelPacket,
  view: PeerView,
): Mismatch | null {
  const end = `${direction === 'ingress' ? 'source' : 'destination'} ${view.address}`;
  if (peer.type === 'group') {
    if (view.groupIds.has(peer.groupId)) return null;
    const group = cloud.securityGroups[peer.groupId]?.name ?? peer.groupId;
    if (!view.unmatched?.groupIds.has(peer.groupId)) return { kind: 'peer', text: `${end} is no member of ${group}` };
    return { kind: 'peer', text: `${end} belongs to a member of ${group}, but ${view.unmatched.why}` };
  }
  const list = peer.type === 'prefix-list' ? byId(cloud.prefixLists, peer.prefixListId) : null;
  const family = peer.type === 'cidr' ? peer.family : (list?.family ?? packet.family);
  if (family !== packet.family) return { kind: 'family', text: `the packet is ${packet.family}, the rule ${family}` };
  const blocks = peer.type === 'cidr' ? [peer.cidr] : (list?.entries ?? []).map(({ cidr }) => cidr);
  if (blocks.some((block) => cidrContains(parseCidr(block), parseAddress(view.address)))) return null;
  const where = peer.type === 'cidr' ? peer.cidr : `prefix list ${list?.name}`;
  return { kind: 'peer', text: `${end} is not in ${where}` };
}

export function protocolName(number: number): string {
  return Object.entries(NUMBERS).find(([, value]) => value === number)?.[0] ?? String(number);
}
