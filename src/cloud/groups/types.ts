/** Security groups, their rules, and the lists that rules refer to. */

export type Family = 'ipv4' | 'ipv6';
export type Direction = 'ingress' | 'egress';

/** `tcp`, `udp`, `icmp`, `icmpv6`, `-1` (everything), or another protocol number as a decimal string. */
export type Protocol = string;

/** The remote side of a rule: the source of an ingress rule, the destination of an egress rule. */
export type Peer =
  | { readonly type: 'cidr'; readonly family: Family; readonly cidr: string }
  | { readonly type: 'prefix-list'; readonly prefixListId: string }
  | { readonly type: 'group'; readonly groupId: string };

export interface SecurityGroupRule {
  /** `sgr-` and 17 hexadecimal digits. */
  readonly id: string;
  /** Unique in the lab, 1 … 2^24 - 1, never used again: the kernel carries it in the connection's mark. */
  readonly index: number;
  readonly direction: Direction;
  readonly protocol: Protocol;
  /** First port, or ICMP type (-1: all); null where the protocol has no ports. */
  readonly fromPort: number | null;
  /** Last port, or ICMP code (-1: all); null where the protocol has no ports. */
  readonly toPort: number | null;
  readonly peer: Peer;
  readonly description: string | null;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  /** Other VPCs whose interfaces can have the group. */
  readonly associatedVpcIds: readonly string[];
  readonly rules: readonly SecurityGroupRule[];
}

export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly family: Family;
  /** Nobody else can change it, and `maxEntries` is its weight, however many entries it has (MPL). */
  readonly managedByAws: boolean;
  readonly maxEntries: number;
  readonly version: number;
  readonly entries: readonly { readonly cidr: string; readonly description: string | null }[];
}
