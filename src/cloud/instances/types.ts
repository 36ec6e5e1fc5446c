/** Machines that send and answer: instances, what AWS runs, and hosts on the internet. */

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

/** The ports that a load balancer or connect endpoint passes on. */
export interface Forwarding {
  /** Targets see the client's address; otherwise the forwarder's own. */
  readonly preserveClientIp: boolean;
  /** The client of a connect endpoint, if its address is preserved: it comes to the endpoint through the service. */
  readonly clientIp: string | null;
  readonly ports: readonly ForwardedPort[];
}

/** A part of a RunInstances request that holds single values. */
export type LaunchOption = Readonly<Record<string, string | number | boolean>>;

/** Values that RunInstances or ModifyInstanceAttribute set and only Describe… returns: they change no packet. */
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
  /** Options by the name of the request's member: `MetadataOptions`, `CpuOptions`, … */
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
  /** Ids in the order of their device index. */
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

/** An SSH key pair. No machine has it: it is stored and returned by Describe…. */
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
