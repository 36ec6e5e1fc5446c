import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import type { Attempt } from './attempt.js';
import type { IcmpSockets } from './icmp-sockets.js';
import type { PortPool } from './port-pool.js';

/** What a way of asking needs of the prober. */
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
 * Sends the packets of one question and tells the attempt what the client feels.
 * @param begin starts the attempt, once the ports are known and before the first packet leaves
 */
export type Ask = (client: Client, question: ProbeQuestion, begin: (ports: FlowPorts) => Attempt) => Asked;

export interface Asked {
  readonly attempt: Attempt;
  /** Closes whatever was opened. */
  stop(): void;
}
