/** The records of flow logs. Plain data: JSON carries it without loss. */
import type { Direction } from '../../cloud/groups/types.js';
import type { ToldIcmp } from '../../verdict/phrases.js';
import type { Stage } from '../../verdict/types.js';

/** The packets that passed, or those that did not, in one direction of a flow at one interface within one interval. */
export interface FlowRecord {
  /** `web-1.eth0`; the interface may be gone meanwhile. */
  readonly interface: string;
  readonly interfaceId: string;
  readonly instanceId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  /** The joint verdict of security groups and network ACLs. */
  readonly action: 'ACCEPT' | 'REJECT';
  readonly direction: Direction;
  /** IP protocol number. */
  readonly protocol: number;
  /** The interface's own side always has its primary address. */
  readonly srcaddr: string;
  readonly dstaddr: string;
  /** 0 where the protocol has no ports. */
  readonly srcport: number;
  readonly dstport: number;
  /** The addresses as the packet has them. */
  readonly pktSrcaddr: string;
  readonly pktDstaddr: string;
  readonly packets: number;
  /** Counted from the IP header on. */
  readonly bytes: number;
  /** Seconds since 1970; lines have whole ones. */
  readonly start: number;
  readonly end: number;
  /** Flags of those packets that the kernel reported one by one, or'ed; null where it reported none. */
  readonly tcpFlags: number | null;
  /** Of ICMP packets that are reported one by one: rejected ones, and errors. Null for all others. */
  readonly icmp: ToldIcmp | null;
  /** Where it was rejected; null for what was accepted. */
  readonly stage: Stage | null;
  /** Id of the rule that let the flow in or out, or of the network ACL's entry that rejected it; null where there is none. */
  readonly rule: string | null;
  /** It answers what the other side began. */
  readonly reply: boolean;
  /** The minute of the lab's time that it belongs to; time that is moved counts. */
  readonly minute: number;
}

/** The content of one interface's log. */
export interface InterfaceRecords {
  readonly interface: string;
  readonly interfaceId: string;
  readonly instanceId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  /** Since when it is listened to: seconds since 1970. */
  readonly since: number;
  /** The oldest first. */
  readonly records: readonly FlowRecord[];
  /** There were more than are kept, or than could be counted, within this time; null: none is missing. */
  readonly skipped: { readonly start: number; readonly end: number } | null;
}

/** The interface that a log is about. */
export interface LoggedInterface {
  readonly interface: string;
  readonly interfaceId: string;
  readonly instanceId: string;
  readonly subnetId: string;
  readonly vpcId: string;
  /** The addresses of both families, the primary one of each first. */
  readonly addresses: readonly string[];
}
