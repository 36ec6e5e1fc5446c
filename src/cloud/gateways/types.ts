/** Ways between networks. */

/** Attached to the VPC that names it, or to none. */
export interface InternetGateway {
  /** `igw-` and 17 hexadecimal digits. */
  readonly id: string;
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
  /** The prefix list of the service; the route tables that have a route to it say who may use the endpoint. */
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
