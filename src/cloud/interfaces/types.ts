/** Network interfaces and the addresses that are kept for them. */

/** Seconds of silence after which an interface forgets a flow (4.5). */
export interface ConnectionTracking {
  readonly tcpEstablishedTimeout: number;
  /** UDP with more than one request and response. */
  readonly udpStreamTimeout: number;
  readonly udpTimeout: number;
}

/** The fields that an interface has wherever it is. */
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
  /** The interface whose primary private address it stands for. */
  readonly association: { readonly id: string; readonly interfaceId: string } | null;
}
