import type { Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import type { IcmpSockets } from './icmp-sockets.js';

/** The machine that asks, with all that a way of asking needs. */
export interface Client {
  readonly netns: Netns;
  /** The link that raw packets leave through; null where the machine has only one. */
  readonly device: string | null;
  readonly epoll: Epoll;
  readonly ports: PortPool;
  readonly icmp: IcmpSockets;
}

/** Ports of a flow, or the identifier of an echo twice. */
export interface FlowPorts {
  readonly source: number;
  readonly destination: number;
}

/**
 * Source ports in turn. A port comes back only after all others: connection tracking still remembers recent flows (10 s for
 * a reset one), and a probe from a remembered port would be let through as part of it instead of being judged.
 */
export class PortPool {
  static readonly #FIRST = 10_000;
  static readonly #LAST = 65_535;
  /** Anywhere: the flows of an earlier process may be remembered, too. */
  #next = PortPool.#FIRST + Math.floor(Math.random() * (PortPool.#LAST - PortPool.#FIRST));

  take(): number {
    const port = this.#next;
    this.#next = port === PortPool.#LAST ? PortPool.#FIRST : port + 1;
    return port;
  }
}
