/**
 * The cloud as data. Everything here is plain JSON: a `Cloud` can be written to the journal and read back without loss,
 * and a mutation returns a new `Cloud` and leaves the old one untouched, so a failing one changes nothing.
 */

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

/** What EC2 knows of a VPC by name of attribute (MODEL ModifyVpcAttribute). The lab's resolver answers and names all the same. */
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
  /** Of the one that is attached. */
  readonly internetGatewayId: string | null;
  readonly egressOnlyInternetGatewayId: string | null;
  readonly defaultGroupId: string;
  readonly mainRouteTableId: string;
  readonly defaultNetworkAclId: string;
  /** The one that is meant where a request names none; a lab has one at most. */
  readonly isDefault: boolean;
}

/** What RunInstances asks of a subnet where the request is silent (MODEL ModifySubnetAttribute). */
export interface SubnetAttributes {
  readonly mapPublicIpOnLaunch: boolean;
  readonly assignIpv6AddressOnCreation: boolean;
  readonly enableDns64: boolean;
  readonly privateDnsHostnameType: 'ip-name' | 'resource-name';
  readonly enableResourceNameDnsARecord: boolean;
  readonly enableResourceNameDnsAAAARecord: boolean;
}

/** Attached to the VPC that names it, or to none. */
export interface InternetGateway {
  /** `igw-` and 17 hexadecimal digits. */
  readonly id: string;
}

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  /** Availability zone, of src/cloud/zones.ts; it changes no packet. */
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
  /** By ascending number. */
  readonly entries: readonly NetworkAclEntry[];
}

/** Where a route leads. What a target can reach is the lab's business (src/lab/route-targets.ts). */
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

/** Of several routes that hold an address the one with the longest prefix wins (RT). */
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

/** `rejected`, `expired` and `deleted` are ends: the same VPCs need a new peering then (MODEL). */
export const PEERING_STATUSES = ['pending-acceptance', 'active', 'rejected', 'expired', 'deleted'] as const;
export type PeeringStatus = (typeof PEERING_STATUSES)[number];

export interface Peering {
  /** `pcx-` and 17 hexadecimal digits. */
  readonly id: string;
  /** Unique among those that have not ended. */
  readonly name: string;
  readonly requesterVpcId: string;
  readonly accepterVpcId: string;
  readonly status: PeeringStatus;
  /** AllowDnsResolutionFromRemoteVpc: while it is active the other side's resolver knows the names of this side's VPC. */
  readonly dnsResolution: { readonly requester: boolean; readonly accepter: boolean };
}

export interface GatewayEndpoint {
  /** `vpce-` and 17 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  /** Of the service; the route tables that have a route to it say who may use the endpoint. */
  readonly prefixListId: string;
  /** IPv4 address by which the service sees what comes through the endpoint. */
  readonly publicIp: string;
  /** JSON; null: full access. The service would obey it, packets know nothing of it. */
  readonly policy: string | null;
}

export interface TransitGatewayAttachment {
  readonly vpcId: string;
  readonly securityGroupReferencing: boolean;
}

export interface TransitGateway {
  /** `tgw-` and 17 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  /** Ingress rules may refer to groups of attached VPCs whose attachments allow it too (3.3). */
  readonly securityGroupReferencing: boolean;
  readonly attachments: readonly TransitGatewayAttachment[];
}

/** Seconds of silence after which an interface forgets a flow (4.5). */
export interface ConnectionTracking {
  readonly tcpEstablishedTimeout: number;
  /** UDP with more than one request and response. */
  readonly udpStreamTimeout: number;
  readonly udpTimeout: number;
}

/** What an interface is, wherever it is. */
export interface InterfaceBody {
  readonly id: string;
  readonly subnetId: string;
  readonly macAddress: string;
  /** The primary address first. */
  readonly privateIpAddresses: readonly string[];
  readonly ipv6Addresses: readonly string[];
  readonly groupIds: readonly string[];
  readonly sourceDestCheck: boolean;
  readonly connectionTracking: ConnectionTracking;
  /** Public IPv4 address that the internet gateway maps to the primary private one. */
  readonly publicIp: string | null;
  /** Its instance gets a public address of AWS's pool for it whenever it starts. */
  readonly poolAddress: boolean;
  /** It goes with its instance: the default for one that was made with it, and not for one that was attached later. */
  readonly deleteOnTermination: boolean;
  readonly description: string;
}

/** The interface of a running instance: it has a card. */
export interface NetworkInterface extends InterfaceBody {
  readonly instanceId: string;
  /** 0 is the primary interface, `eth0` in the instance. */
  readonly deviceIndex: number;
}

/**
 * An interface that nothing answers at: `available` (of no instance, both null), or of a stopped instance. It keeps its addresses,
 * and rules that refer to its groups still mean them.
 */
export interface IdleInterface extends InterfaceBody {
  readonly instanceId: string | null;
  readonly deviceIndex: number | null;
}

/** A public IPv4 address that is kept until it is released, whatever it is associated with. */
export interface ElasticIp {
  /** `eipalloc-` and 17 hexadecimal digits. */
  readonly id: string;
  readonly publicIp: string;
  /** Whose primary private address it stands for. */
  readonly association: { readonly id: string; readonly interfaceId: string } | null;
}

/** A server that sglab runs inside an instance: TCP accepts, UDP and raw protocols answer with what they got. */
export type Listener =
  | { readonly protocol: 'tcp' | 'udp'; readonly port: number }
  | { readonly protocol: 'raw'; readonly number: number };

export type InstanceKind =
  | 'ec2'
  | 'rds'
  | 'lambda'
  | 'application-load-balancer'
  | 'network-load-balancer'
  | 'interface-endpoint'
  | 'connect-endpoint'
  | 'nat-gateway';

/** A port of a load balancer, and where what comes to it goes. */
export interface ForwardedPort {
  readonly port: number;
  readonly targetPort: number;
  /** Interfaces, in turn. */
  readonly targetIds: readonly string[];
}

/** What a load balancer or connect endpoint passes on. */
export interface Forwarding {
  /** Targets see the client's address; otherwise the forwarder's own. */
  readonly preserveClientIp: boolean;
  /** The client of a connect endpoint, if its address is preserved: it comes to the endpoint through the service. */
  readonly clientIp: string | null;
  readonly ports: readonly ForwardedPort[];
}

/** A part of a RunInstances request that holds single values. */
export type LaunchOption = Readonly<Record<string, string | number | boolean>>;

/** What RunInstances or ModifyInstanceAttribute was told of an instance, and only Describe… tells again: it changes no packet. */
export interface InstanceLaunch {
  /** `r-` and 17 hexadecimal digits; instances of one request share it. */
  readonly reservationId: string;
  /** Its place among them. */
  readonly index: number;
  /** ISO 8601. */
  readonly time: string;
  readonly clientToken: string | null;
  readonly imageId: string;
  readonly instanceType: string;
  readonly keyName: string | null;
  /** Base64; kept, never run. */
  readonly userData: string | null;
  readonly ebsOptimized: boolean;
  readonly monitoring: boolean;
  readonly disableApiStop: boolean;
  readonly disableApiTermination: boolean;
  readonly instanceInitiatedShutdownBehavior: string;
  /** By the name of the request's member: `MetadataOptions`, `CpuOptions`, … */
  readonly options: Readonly<Record<string, LaunchOption>>;
}

/** A machine with network interfaces: an instance, or something that AWS runs (a load balancer, a function, …). */
export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly kind: InstanceKind;
  /** Null unless it is a load balancer or connect endpoint. */
  readonly forwarding: Forwarding | null;
  readonly listen: readonly Listener[];
  /** In the order of their device index. */
  readonly interfaceIds: readonly string[];
  /** The most connections that are tracked; null: as many as there are. */
  readonly connectionAllowance: number | null;
  /** Null for what was not run by the API. */
  readonly launch: InstanceLaunch | null;
}

/** It is still told of for a while: whoever waits for its end sees it. */
export interface TerminatedInstance extends Instance {
  /** ISO 8601. */
  readonly terminatedAt: string;
}

/** Of SSH. No machine has it: it is remembered, and told again. */
export interface KeyPair {
  /** `key-` and 17 hexadecimal digits. */
  readonly id: string;
  /** Unique. */
  readonly name: string;
  readonly type: 'rsa' | 'ed25519';
  /** As AWS shows it: of the kind that the way in which the pair came has. */
  readonly fingerprint: string;
  /** OpenSSH's line. */
  readonly publicKey: string;
  /** ISO 8601. */
  readonly createTime: string;
}

/** A machine on the internet: no security group, no VPC. */
export interface ExternalHost {
  readonly name: string;
  /** At least one; at most one per family. */
  readonly addresses: readonly string[];
  readonly listen: readonly Listener[];
}

export const TRAFFIC_TYPES = ['ACCEPT', 'REJECT', 'ALL'] as const;
export const FLOW_LOG_DESTINATIONS = ['cloud-watch-logs', 's3', 'kinesis-data-firehose'] as const;

/** Which records of which interfaces somebody asked for. Where they were to go is only remembered: `sglab flowlogs` shows them. */
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

/** By key. */
export type Tags = Readonly<Record<string, string>>;

export interface Quotas {
  readonly rulesPerGroup: number;
  readonly groupsPerInterface: number;
  readonly prefixListEntries: number;
}

export interface Cloud {
  /** Name of the lab: lower-case letters, digits and hyphens. */
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly quotas: Quotas;
  /** Whether ICMP errors are judged by the rules, or pass with the tracked flow that they are about (4.8). */
  readonly icmpErrors: 'rules' | 'related';
  /** Each record is keyed by id; external hosts by name. */
  readonly vpcs: Readonly<Record<string, Vpc>>;
  readonly internetGateways: Readonly<Record<string, InternetGateway>>;
  readonly subnets: Readonly<Record<string, Subnet>>;
  readonly routeTables: Readonly<Record<string, RouteTable>>;
  readonly networkAcls: Readonly<Record<string, NetworkAcl>>;
  readonly peerings: Readonly<Record<string, Peering>>;
  readonly gatewayEndpoints: Readonly<Record<string, GatewayEndpoint>>;
  readonly transitGateways: Readonly<Record<string, TransitGateway>>;
  readonly securityGroups: Readonly<Record<string, SecurityGroup>>;
  readonly prefixLists: Readonly<Record<string, PrefixList>>;
  /** Those that run; what sends or receives is in these two records and nowhere else. */
  readonly instances: Readonly<Record<string, Instance>>;
  readonly networkInterfaces: Readonly<Record<string, NetworkInterface>>;
  readonly stoppedInstances: Readonly<Record<string, Instance>>;
  readonly terminatedInstances: Readonly<Record<string, TerminatedInstance>>;
  readonly idleInterfaces: Readonly<Record<string, IdleInterface>>;
  readonly elasticIps: Readonly<Record<string, ElasticIp>>;
  readonly flowLogs: Readonly<Record<string, FlowLog>>;
  readonly keyPairs: Readonly<Record<string, KeyPair>>;
  readonly externalHosts: Readonly<Record<string, ExternalHost>>;
  /** By the id of what is tagged; what is gone has none. */
  readonly tags: Readonly<Record<string, Tags>>;
  /** Serial number of the last thing created; ids and rule indices are derived from it. */
  readonly serial: number;
}
