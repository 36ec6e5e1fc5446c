/** All records of a cloud. */
import type { FlowLog } from './flow-logs.js';
import type { GatewayEndpoint, InternetGateway, Peering, TransitGateway } from './gateways.js';
import type { PrefixList, SecurityGroup } from './groups.js';
import type { ElasticIp, IdleInterface, NetworkInterface } from './interfaces.js';
import type { ExternalHost, Instance, KeyPair, TerminatedInstance } from './machines.js';
import type { NetworkAcl, RouteTable, Subnet, Vpc } from './network.js';

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
