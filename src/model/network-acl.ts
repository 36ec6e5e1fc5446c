import { cidrContains, parseAddress, parseCidr } from '../cloud/cidr.js';
import { networkAclOf } from '../cloud/network-acl.js';
import { ANYTHING_ELSE, entryId } from '../cloud/network-acl-words.js';
import type { Cloud, Direction, NetworkAclEntry, Subnet } from '../cloud/types.js';
import { ICMP, ICMPV6, type ModelPacket, TCP, UDP } from './packet.js';

export interface AclVerdict {
  readonly allowed: boolean;
  /** `acl-0123…/100`, or `…/*` where no entry matches. */
  readonly entry: string;
}

const NUMBERS: Readonly<Record<string, number>> = { icmp: ICMP, tcp: TCP, udp: UDP, icmpv6: ICMPV6 };

/** The first entry that matches, by ascending number, decides; what none matches is denied. Nothing is remembered (5.2). */
export function judgeByAcl(cloud: Cloud, subnet: Subnet, direction: Direction, packet: ModelPacket): AclVerdict {
  const list = networkAclOf(cloud, subnet);
  const entry = [...list.entries]
    .filter((each) => each.direction === direction)
    .sort((a, b) => a.number - b.number)
    .find((each) => matches(each, packet));
  if (entry === undefined) return { allowed: false, entry: entryId(list, ANYTHING_ELSE) };
  return { allowed: entry.action === 'allow', entry: entryId(list, entry.number) };
}

/** Inbound entries look at the source, outbound ones at the destination; both at the destination port. */
function matches(entry: NetworkAclEntry, packet: ModelPacket): boolean {
  if (entry.family !== packet.family) return false;
  const address = parseAddress(entry.direction === 'ingress' ? packet.source : packet.destination);
  return cidrContains(parseCidr(entry.cidr), address) && isItsTraffic(entry, packet);
}

function isItsTraffic({ protocol, fromPort, toPort, family }: NetworkAclEntry, packet: ModelPacket): boolean {
  if (protocol === '-1') return true;
  if ((NUMBERS[protocol] ?? Number(protocol)) !== packet.protocol) return false;
  if (protocol === 'tcp' || protocol === 'udp') {
    return (fromPort ?? 0) <= packet.destinationPort && packet.destinationPort <= (toPort ?? 65_535);
  }
  // ICMP's types mean something in its own family only: elsewhere an entry for it is about all of them.
  const isOwn = protocol === (family === 'ipv4' ? 'icmp' : 'icmpv6');
  if (packet.icmp === null || !isOwn || fromPort === null || fromPort === -1) return true;
  return fromPort === packet.icmp.type && (toPort === null || toPort === -1 || toPort === packet.icmp.code);
}
