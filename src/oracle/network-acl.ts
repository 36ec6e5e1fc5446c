import type { Direction } from '../cloud/groups/types.js';
import { cidrContains, parseAddress, parseCidr } from '../cloud/network/cidr.js';
import { networkAclOf } from '../cloud/network/network-acl.js';
import type { NetworkAclEntry, Subnet } from '../cloud/network/types.js';
import { ANYTHING_ELSE, entryId } from '../cloud/text/network-acl-text.js';
import type { Cloud } from '../cloud/types.js';
import { type Mismatch, protocolMismatch, rangeMismatch as trafficMismatch } from './match.js';
import type { ModelPacket } from './packet.js';

export interface AclVerdict {
  readonly allowed: boolean;
  /** `acl-0123…/100`, or `…/*` where no entry matches. */
  readonly entry: string;
}

/** The first entry that matches, by ascending number, decides; what none matches is denied. Nothing is remembered (5.2). */
export function judgeByAcl(cloud: Cloud, subnet: Subnet, direction: Direction, packet: ModelPacket): AclVerdict {
  const list = networkAclOf(cloud, subnet);
  const entry = [...list.entries]
    .filter((each) => each.direction === direction)
    .sort((a, b) => a.number - b.number)
    .find((each) => entryMismatches(each, packet).length === 0);
  if (entry === undefined) return { allowed: false, entry: entryId(list, ANYTHING_ELSE) };
  return { allowed: entry.action === 'allow', entry: entryId(list, entry.number) };
}

/**
 * Everything about the entry that does not fit the packet. Inbound entries look at the source, outbound ones at the
 * destination; both at the destination port.
 */
export function entryMismatches(entry: NetworkAclEntry, packet: ModelPacket): readonly Mismatch[] {
  return [protocolMismatch(entry, packet) ?? rangeMismatch(entry, packet), addressMismatch(entry, packet)].filter(
    (each) => each !== null,
  );
}

function addressMismatch({ family, cidr, direction }: NetworkAclEntry, packet: ModelPacket): Mismatch | null {
  if (family !== packet.family) {
    return { kind: 'family', text: `the packet is ${packet.family}, the entry ${family}` };
  }
  const [end, address] = direction === 'ingress' ? ['source', packet.source] : ['destination', packet.destination];
  if (cidrContains(parseCidr(cidr), parseAddress(address))) return null;
  return { kind: 'peer', text: `${end} ${address} is not in ${cidr}` };
}

/** ICMP's types mean something in its own family only: elsewhere an entry for it is about all of them. */
function rangeMismatch(entry: NetworkAclEntry, packet: ModelPacket): Mismatch | null {
  const isForeign = packet.icmp !== null && entry.protocol !== (entry.family === 'ipv4' ? 'icmp' : 'icmpv6');
  return isForeign ? null : trafficMismatch(entry, packet);
}
