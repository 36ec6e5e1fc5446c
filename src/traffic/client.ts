import type { Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import type { IcmpSockets } from './icmp-sockets.js';

/** The sending machine, with everything that a probe needs to send from it. */
export interface Client {
  readonly netns: Netns;
  /** The link that raw packets leave through; null if the machine has only one. */
  readonly device: string | null;
  readonly epoll: Epoll;
  readonly ports: PortPool;
  readonly icmp: IcmpSockets;
}

/** Ports of a flow; for an echo, the identifier twice. */
export interface FlowPorts {
  readonly source: number;
  readonly destination: number;
}

/**
 * Hands out source ports in turn. A port comes back only after all others: conntrack keeps recent flows (10 s for a
 * reset one), and a probe from a port in such a flow would pass as part of it instead of being judged.
 */
export class PortPool {
  static readonly #FIRST = 10_000;
  static readonly #LAST = 65_535;
  /** Starts at random because the flows of an earlier process may still be tracked. */
  #next = PortPool.#FIRST + Math.floor(Math.random() * (PortPool.#LAST - PortPool.#FIRST));

  take(): number {
    const port = this.#next;
    this.#next = port === PortPool.#LAST ? PortPool.#FIRST : port + 1;
    return port;
  }
}
