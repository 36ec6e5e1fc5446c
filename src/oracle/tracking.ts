import type { Direction } from '../cloud/groups/types.js';
import { answerType, ICMP, ICMPV6, isIcmpAnswer, type ModelPacket, reversed, TCP, UDP } from './packet.js';

/** Idle time-outs of an interface, in seconds (4.5). */
export interface Timeouts {
  readonly tcpEstablished: number;
  readonly udp: number;
  readonly udpStream: number;
}

/** One interface's memory of one flow. */
export interface Entry {
  /** Direction of the flow's first packet, as this interface saw it. */
  readonly forward: Direction;
  /** The key of that first packet, without flags: tells packets of the two directions apart. */
  readonly key: string;
  /** False: every packet is judged by the rules again (4.2). */
  readonly tracked: boolean;
  /** All that matched when it was admitted: any of them may be the one that the kernel names. */
  readonly ruleIds: readonly string[];
  /** Model time in seconds at which it is forgotten, if nothing comes. */
  readonly expires: number;
  readonly tcp: TcpState;
  /** Packets each way: more than one request and reply make UDP a stream (4.5, S73). */
  readonly requests: number;
  readonly replies: number;
}

export type TcpState = 'opening' | 'established' | 'closing' | 'reset';

const TCP_SECONDS = { opening: 120, closing: 120, reset: 10 } as const;
const ICMP_SECONDS = 30;
const OTHER_SECONDS = 600;

/**
 * A key that tells the packet's flow from others (4.1): by ports for TCP and UDP, by the identifier for ICMP queries, by nothing
 * but the addresses for other protocols. Null for ICMP that is neither query nor answer: it is no part of a flow.
 */
export function flowKey(packet: ModelPacket): string | null {
  const { protocol, source, destination, sourcePort, destinationPort, icmp } = packet;
  if (protocol === TCP || protocol === UDP)
    return `${protocol} ${source} ${sourcePort} ${destination} ${destinationPort}`;
  if (protocol === ICMP || protocol === ICMPV6) {
    if (answerType(packet) === null && !isIcmpAnswer(packet)) return null;
    return `${protocol} ${source} ${destination} ${icmp?.identifier}`;
  }
  return `${protocol} ${source} ${destination}`;
}

/** The key that the flow would have if the packet were one of its replies. */
export function reverseKey(packet: ModelPacket): string | null {
  return flowKey(reversed(packet));
}

/** Can the packet begin a flow that is remembered? An answer that nobody asked for cannot. */
export function canOpenFlow(packet: ModelPacket): boolean {
  return flowKey(packet) !== null && !isIcmpAnswer(packet);
}

/** A packet of a flow that is remembered. */
interface FlowPacket {
  readonly packet: ModelPacket;
  readonly isReply: boolean;
  /** Model time in seconds. */
  readonly now: number;
}

/** The entry after one more packet of its flow. */
export function touched(entry: Entry, { packet, isReply, now }: FlowPacket, timeouts: Timeouts): Entry {
  const next: Entry = {
    ...entry,
    tcp: nextTcpState(entry.tcp, packet),
    requests: entry.requests + Number(!isReply),
    replies: entry.replies + Number(isReply),
  };
  return { ...next, expires: now + idleSeconds(next, packet.protocol, timeouts) };
}

function nextTcpState(state: TcpState, { tcp }: ModelPacket): TcpState {
  switch (tcp) {
    case 'rst':
      return 'reset';
    case 'fin':
      return 'closing';
    case 'ack':
      return state === 'opening' ? 'established' : state;
    default:
      return state;
  }
}

function idleSeconds(entry: Entry, protocol: number, timeouts: Timeouts): number {
  switch (protocol) {
    case TCP:
      return entry.tcp === 'established' ? timeouts.tcpEstablished : TCP_SECONDS[entry.tcp];
    case UDP:
      return entry.tracked && entry.requests > 1 && entry.replies > 1 ? timeouts.udpStream : timeouts.udp;
    case ICMP:
    case ICMPV6:
      return ICMP_SECONDS;
    default:
      return OTHER_SECONDS;
  }
}
