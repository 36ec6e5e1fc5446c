/** Reads how much every connection of a namespace has carried. */
import { formatAddress } from '../cloud/network/cidr.js';
import { CTA, dumpConntrack, openConntrack, type RawEntry } from './conntrack-netlink.js';
import { type Attributes, attributesOf } from './netlink.js';
import type { Netns } from './netns.js';
import { closeSocket } from './sockets.js';
import { readSysctl } from './sysctl.js';

export interface Traffic {
  readonly packets: number;
  /** Counted from the IP header on. */
  readonly bytes: number;
}

/** One conntrack entry, with the traffic of its two directions since it was made. */
export interface CountedConnection {
  /** Differs between successive entries of the same two ends. */
  readonly id: number;
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  /** Ports; for ICMP echo messages, both are the identifier; 0 for other protocols. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly mark: number;
  readonly original: Traffic;
  readonly reply: Traffic;
}

/** Attributes inside a tuple and inside counters. */
const TUPLE = { ip: 1, protocol: 2 } as const;
const IP = { source4: 1, destination4: 2, source6: 3, destination6: 4 } as const;
const PROTOCOL = { number: 1, sourcePort: 2, destinationPort: 3, icmpIdentifier: 4, icmpv6Identifier: 7 } as const;
const COUNTERS = { packets: 1, bytes: 2 } as const;

export function connectionCount(netns: Netns): number {
  return Number(readSysctl(netns, 'netfilter.nf_conntrack_count') ?? 0);
}

/**
 * Needs the namespace's sysctl `netfilter.nf_conntrack_acct`.
 * @throws KernelError
 */
export function countConnections(netns: Netns): CountedConnection[] {
  const fd = openConntrack(netns);
  try {
    return dumpConntrack(fd).flatMap((entry) => connectionOf(entry) ?? []);
  } finally {
    closeSocket(fd);
  }
}

function connectionOf({ attributes }: RawEntry): CountedConnection | null {
  const tuple = inside(attributes, CTA.tupleOriginal);
  const ip = inside(tuple, TUPLE.ip);
  const protocol = inside(tuple, TUPLE.protocol);
  const source = address(ip, IP.source4, IP.source6);
  const destination = address(ip, IP.destination4, IP.destination6);
  if (source === null || destination === null) return null;
  const port = (type: number) => protocol.get(type)?.readUInt16BE(4);
  const identifier = port(PROTOCOL.icmpIdentifier) ?? port(PROTOCOL.icmpv6Identifier) ?? 0;
  return {
    id: attributes.get(CTA.id)?.readUInt32BE(4) ?? 0,
    protocol: protocol.get(PROTOCOL.number)?.readUInt8(4) ?? 0,
    source,
    destination,
    sourcePort: port(PROTOCOL.sourcePort) ?? identifier,
    destinationPort: port(PROTOCOL.destinationPort) ?? identifier,
    mark: attributes.get(CTA.mark)?.readUInt32BE(4) ?? 0,
    original: traffic(attributes, CTA.countersOriginal),
    reply: traffic(attributes, CTA.countersReply),
  };
}

function inside(attributes: Attributes, type: number): Attributes {
  return attributesOf(attributes.get(type)?.subarray(4) ?? Buffer.alloc(0));
}

function address(ip: Attributes, ipv4: number, ipv6: number): string | null {
  const short = ip.get(ipv4);
  if (short !== undefined) return formatAddress('ipv4', BigInt(short.readUInt32BE(4)));
  const long = ip.get(ipv6);
  return long === undefined ? null : formatAddress('ipv6', (long.readBigUInt64BE(4) << 64n) | long.readBigUInt64BE(12));
}

function traffic(attributes: Attributes, type: number): Traffic {
  const counters = inside(attributes, type);
  const count = (which: number) => Number(counters.get(which)?.readBigUInt64BE(4) ?? 0n);
  return { packets: count(COUNTERS.packets), bytes: count(COUNTERS.bytes) };
}
