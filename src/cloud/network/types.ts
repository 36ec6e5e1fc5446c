/** VPCs, subnets, what stands between subnets (network ACLs and routes), and flow logs. */
import type { Direction, Family, Protocol } from '../groups/types.js';

/**
 * The attributes that EC2 has of a VPC by name (MODEL ModifyVpcAttribute). The lab's resolver answers and names all the
 * same.
 */
export interface VpcAttributes {
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
  readonly enableNetworkAddressUsageMetrics: boolean;
}

export interface Vpc {
  readonly id: string;
  readonly name: string;
  readonly attributes: VpcAttributes;
  /** IPv4 blocks, the primary one first. */
  readonly cidrs: readonly string[];
  readonly ipv6Cidr: string | null;
  /** The id of the gateway that is attached. */
  readonly internetGatewayId: string | null;
  readonly egressOnlyInternetGatewayId: string | null;
  readonly defaultGroupId: string;
  readonly mainRouteTableId: string;
  readonly defaultNetworkAclId: string;
  /** The one that is meant where a request names none; a lab has one at most. */
  readonly isDefault: boolean;
}

/** Defaults of a subnet where a RunInstances request says nothing (MODEL ModifySubnetAttribute). */
export interface SubnetAttributes {
  readonly mapPublicIpOnLaunch: boolean;
  readonly assignIpv6AddressOnCreation: boolean;
  readonly enableDns64: boolean;
  readonly privateDnsHostnameType: 'ip-name' | 'resource-name';
  readonly enableResourceNameDnsARecord: boolean;
  readonly enableResourceNameDnsAAAARecord: boolean;
}

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  /** Availability zone, of src/cloud/network/zones.ts; it changes no packet. */
  readonly zone: string;
  readonly attributes: SubnetAttributes;
  readonly cidr: string;
  readonly ipv6Cidr: string | null;
  /** null: the main route table of the VPC. */
  readonly routeTableId: string | null;
  /** null: the default network ACL of the VPC. */
  readonly networkAclId: string | null;
}

/** One numbered entry of a network ACL; of those that match a packet the lowest number decides. */
export interface NetworkAclEntry {
  /** 1 … 32766, unique in its direction. */
  readonly number: number;
  readonly direction: Direction;
  readonly action: 'allow' | 'deny';
  readonly protocol: Protocol;
  /** First port, or ICMP type (-1: all); null where the protocol has no ports. */
  readonly fromPort: number | null;
  /** Last port, or ICMP code (-1: all); null where the protocol has no ports. */
  readonly toPort: number | null;
  readonly family: Family;
  readonly cidr: string;
}

/** A stateless filter at the boundary of subnets. What no entry matches is denied. */
export interface NetworkAcl {
  /** `acl-` and 17 hexadecimal digits. */
  readonly id: string;
  /** The default list of VPC `shop` is `shop.default`. */
  readonly name: string;
  readonly vpcId: string;
  /** Sorted by number, ascending. */
  readonly entries: readonly NetworkAclEntry[];
}

/** The target of a route. Reaching it is the lab's business (src/lab/route-targets.ts). */
export type RouteTarget =
  | { readonly type: 'local' }
  | { readonly type: 'internet-gateway'; readonly gatewayId: string }
  | { readonly type: 'egress-only-internet-gateway'; readonly gatewayId: string }
  | { readonly type: 'interface'; readonly interfaceId: string }
  | { readonly type: 'peering'; readonly peeringId: string }
  | { readonly type: 'transit-gateway'; readonly transitGatewayId: string }
  | { readonly type: 'gateway-endpoint'; readonly endpointId: string };

export type RouteDestination =
  | { readonly type: 'cidr'; readonly family: Family; readonly cidr: string }
  | { readonly type: 'prefix-list'; readonly prefixListId: string };

/** A destination and a target: of several routes that hold an address the one with the longest prefix wins (RT). */
export interface Route {
  readonly destination: RouteDestination;
  readonly target: RouteTarget;
}

export interface RouteTable {
  /** `rtb-` and 17 hexadecimal digits. */
  readonly id: string;
  /** The main table of VPC `shop` is `shop.main`, the one of its `public` subnets `shop.public`. */
  readonly name: string;
  readonly vpcId: string;
  /** Unique in the lab, 1 … 4095: the kernel's tables and the packets' marks carry it. */
  readonly number: number;
  /** The local routes first. */
  readonly routes: readonly Route[];
}

export const TRAFFIC_TYPES = ['ACCEPT', 'REJECT', 'ALL'] as const;
export const FLOW_LOG_DESTINATIONS = ['cloud-watch-logs', 's3', 'kinesis-data-firehose'] as const;

/** A flow log as a client asked for it. Its destination is only stored: `sglab flowlogs` shows the records. */
export interface FlowLog {
  /** `fl-` and 17 hexadecimal digits. */
  readonly id: string;
  /** A VPC, subnet or interface. */
  readonly resourceId: string;
  readonly trafficType: (typeof TRAFFIC_TYPES)[number];
  /** As the client wrote it; null: AWS's default. */
  readonly logFormat: string | null;
  /** Seconds. */
  readonly maxAggregationInterval: 60 | 600;
  readonly destinationType: (typeof FLOW_LOG_DESTINATIONS)[number];
  readonly destination: string | null;
  readonly logGroupName: string | null;
  readonly permissionArn: string | null;
  /** ISO 8601. */
  readonly createdAt: string;
}
