/**
 * The cloud as data. Everything here is plain JSON: a `Cloud` can be written to the journal and read back without loss,
 * and a mutation returns a new `Cloud` and leaves the old one untouched, so a failing one changes nothing.
 */
import type { GatewayEndpoint, InternetGateway, Peering, TransitGateway } from './gateways/types.js';
import type { PrefixList, SecurityGroup } from './groups/types.js';
import type { ExternalHost, Instance, KeyPair, TerminatedInstance } from './instances/types.js';
import type { ElasticIp, IdleInterface, NetworkInterface } from './interfaces/types.js';
import type { FlowLog, NetworkAcl, RouteTable, Subnet, Vpc } from './network/types.js';

/** A resource's tags, by key. */
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
  /** Running instances; what sends or receives is in these two records and nowhere else. */
  readonly instances: Readonly<Record<string, Instance>>;
  readonly networkInterfaces: Readonly<Record<string, NetworkInterface>>;
  readonly stoppedInstances: Readonly<Record<string, Instance>>;
  readonly terminatedInstances: Readonly<Record<string, TerminatedInstance>>;
  readonly idleInterfaces: Readonly<Record<string, IdleInterface>>;
  readonly elasticIps: Readonly<Record<string, ElasticIp>>;
  readonly flowLogs: Readonly<Record<string, FlowLog>>;
  readonly keyPairs: Readonly<Record<string, KeyPair>>;
  readonly externalHosts: Readonly<Record<string, ExternalHost>>;
  /** Tags by the id of the tagged resource; what is gone has none. */
  readonly tags: Readonly<Record<string, Tags>>;
  /** What somebody made up where a source says nothing: by a sentence the ids of what it is about (assumptions.ts). */
  readonly assumed: Readonly<Record<string, readonly string[]>>;
  /** Serial number of the last thing created; ids and rule indices are derived from it. */
  readonly serial: number;
}
