/**
 * The parts of AWS that sglab builds, in AWS's words: every format's reader delivers them. Each item has a `key`, by
 * which others of the same source refer to it: its id, its Terraform address or its logical name.
 */

import type { PeeringStatus } from '../cloud/gateways/types.js';
import type { Direction, Family } from '../cloud/groups/types.js';
import type { ConnectionTracking } from '../cloud/interfaces/types.js';
import type { Cursor } from '../source/cursor.js';
import type { SourceLocation } from '../source/tree.js';

interface Thing {
  readonly key: string;
  /** AWS's, if the source knows it already. */
  readonly id: string | null;
  /** The Name tag, or what the source calls it. */
  readonly name: string | null;
  readonly place: SourceLocation;
}

export interface VpcItem extends Thing {
  readonly cidrs: readonly string[];
  readonly ipv6Cidr: string | null;
}

export interface SubnetItem extends Thing {
  readonly vpc: string;
  readonly cidr: string;
  readonly ipv6Cidr: string | null;
  readonly mapPublicIp: boolean;
}

/** A gateway of a VPC; its key is what routes name. */
export interface GatewayItem {
  readonly key: string;
  readonly type: 'internet' | 'egress-only';
  readonly vpc: string;
}

export interface GroupItem extends Thing {
  /** null: that of the only VPC. */
  readonly vpc: string | null;
  readonly description: string | null;
  readonly isDefault: boolean;
  /** Directions whose rules the source does not know: AWS's default holds. */
  readonly unknown: readonly Direction[];
}

export interface RuleItem {
  readonly group: string;
  readonly id: string | null;
  readonly direction: Direction;
  readonly protocol: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly peer: PeerItem;
  readonly description: string | null;
  readonly place: SourceLocation;
}

export type PeerItem =
  | { readonly type: 'cidr'; readonly cidr: string }
  | { readonly type: 'group'; readonly key: string }
  | { readonly type: 'prefix-list'; readonly key: string };

export interface PrefixListItem extends Thing {
  readonly family: Family;
  readonly maxEntries: number | null;
  readonly entries: readonly { readonly cidr: string; readonly description: string | null }[];
}

export interface InstanceItem extends Thing {
  /** Keys of interfaces, in the order of their device index. */
  readonly interfaces: readonly string[];
  /** Absent: an EC2 instance. */
  readonly kind?: 'rds' | 'lambda';
  /** Where its source says on what it listens: `tcp/3306`. */
  readonly listen?: readonly string[];
}

export interface InterfaceItem extends Thing {
  /** null: one of the default VPC. */
  readonly subnet: string | null;
  readonly vpc: string | null;
  /** The primary one first. */
  readonly privateIps: readonly string[];
  readonly ipv6: readonly string[] | null;
  /** null: the VPC's default group. */
  readonly groups: readonly string[] | null;
  readonly sourceDestCheck: boolean;
  /** Seconds, of those that are set. */
  readonly connectionTracking: Partial<ConnectionTracking>;
  /** true: one that is not known yet; null: as its subnet gives them, where nothing else is said. */
  readonly publicIp: string | boolean | null;
}

export interface RouteTableItem extends Thing {
  readonly vpc: string;
  readonly isMain: boolean;
  readonly subnets: readonly string[];
}

export interface RouteItem {
  readonly table: string;
  /** A block, or a prefix list's key. */
  readonly to: string;
  /** The key of its target, `local` or `BLACKHOLE`. */
  readonly via: string;
  readonly place: SourceLocation;
}

/** In place of a target that is gone. */
export const BLACKHOLE = 'blackhole';

export interface PeeringItem extends Thing {
  readonly requester: string;
  readonly accepter: string;
  readonly status: PeeringStatus;
  /** Each side resolves the other's names. */
  readonly dnsResolution: boolean;
}

export interface NetworkAclItem extends Thing {
  readonly vpc: string;
  readonly isDefault: boolean;
  readonly subnets: readonly string[];
  readonly entries: readonly NetworkAclEntryItem[];
}

export interface NetworkAclEntryItem {
  readonly number: number;
  readonly direction: Direction;
  readonly action: 'allow' | 'deny';
  readonly protocol: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly cidr: string;
}

export interface NatGatewayItem extends Thing {
  readonly subnet: string;
  /** null: one that AWS chooses. */
  readonly publicIp: string | null;
  readonly privateIp: string | null;
}

/** Who makes machines by a launch template or configuration makes them like this. */
export interface LaunchTemplateItem {
  readonly key: string;
  readonly groups: readonly string[] | null;
  readonly publicIp: boolean | null;
}

/** Where AWS's services put machines, by the name that they go by: a subnet group, or a cluster with its groups. */
export interface PlacementItem {
  readonly key: string;
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
}

export interface TargetGroupItem {
  readonly key: string;
  readonly port: number | null;
  /** Keys of instances and interfaces. */
  readonly targets: string[];
}

export interface LoadBalancerItem extends Thing {
  readonly type: 'application' | 'network';
  /** One of them has its interface. */
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
  readonly isPublic: boolean;
  readonly listeners: BalancerListenerItem[];
}

export interface BalancerListenerItem {
  readonly port: number;
  readonly targetPort: number | null;
  readonly targets: readonly string[];
}

export interface Inventory {
  readonly launchTemplates: LaunchTemplateItem[];
  readonly placements: PlacementItem[];
  readonly targetGroups: TargetGroupItem[];
  readonly loadBalancers: LoadBalancerItem[];
  readonly vpcs: VpcItem[];
  readonly gateways: GatewayItem[];
  readonly subnets: SubnetItem[];
  readonly groups: GroupItem[];
  readonly rules: RuleItem[];
  readonly prefixLists: PrefixListItem[];
  readonly instances: InstanceItem[];
  readonly interfaces: InterfaceItem[];
  readonly routeTables: RouteTableItem[];
  readonly routes: RouteItem[];
  readonly peerings: PeeringItem[];
  readonly networkAcls: NetworkAclItem[];
  readonly natGateways: NatGatewayItem[];
  /** Parts of the source that sglab does not build. */
  readonly unsupported: UnsupportedItem[];
  /** Decisions where the source leaves a choice. */
  readonly assumed: AssumedItem[];
  /** Keys of gateways are all that there are: the source lists them. */
  readonly listed: Set<'gateways'>;
}

/** One sentence, and the keys of what is as it is only because of it; of none: the lab as a whole. */
export interface AssumedItem {
  readonly sentence: string;
  readonly about: readonly string[];
}

export function assume(inventory: Inventory, sentence: string, ...about: readonly string[]): void {
  inventory.assumed.push({ sentence, about });
}

/** A resource, or one of its attributes, that is left out. */
export interface UnsupportedItem {
  readonly place: SourceLocation;
  /** The one that is meant, such as `Ipv4Prefixes`; absent for the whole resource. */
  readonly attribute?: string;
  readonly reason: string;
  /** The keys of what is not as the source has it without this part. */
  readonly of?: readonly string[];
  /**
   * How to import the source with it, where sglab could build it and the source does not tell enough: then it is no
   * picture of the source without.
   */
  readonly lost?: string;
}

export function emptyInventory(): Inventory {
  return {
    launchTemplates: [],
    placements: [],
    targetGroups: [],
    loadBalancers: [],
    vpcs: [],
    gateways: [],
    subnets: [],
    groups: [],
    rules: [],
    prefixLists: [],
    instances: [],
    interfaces: [],
    routeTables: [],
    routes: [],
    peerings: [],
    networkAcls: [],
    natGateways: [],
    unsupported: [],
    assumed: [],
    listed: new Set(),
  };
}

const TRACKING_TIMEOUTS = [
  ['tcpEstablishedTimeout', 'TcpEstablishedTimeout'],
  ['udpStreamTimeout', 'UdpStreamTimeout'],
  ['udpTimeout', 'UdpTimeout'],
] as const;

/** The idle time-outs of an interface, in seconds, as AWS's own formats write them; only those that are set. */
export function readConnectionTracking(specification: Cursor): Partial<ConnectionTracking> {
  return Object.fromEntries(
    TRACKING_TIMEOUTS.flatMap(([own, aws]) => {
      const seconds = specification.number(aws);
      return seconds === null ? [] : [[own, seconds]];
    }),
  );
}
