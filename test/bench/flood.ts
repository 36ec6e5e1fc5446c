/** Sends as many UDP packets as one thread can, and counts them where they arrive. */
import fs from 'node:fs';
import { inNetns, type Netns } from '../../src/kernel/netns.js';
import { sockaddr } from '../../src/kernel/sockaddr.js';
import { bindSocket, closeSocket, listenUdp, openSocket, receive, sendTo } from '../../src/kernel/sockets.js';

/** 16 bytes. */
const PAYLOAD = Buffer.from('sglab benchmark\n');
const SLICE = 500;

export interface Machine {
  readonly netns: Netns;
  readonly address: string;
}

export interface FloodLimits {
  readonly packets: number;
  readonly ms: number;
}

/** Sockets of a sender and a receiver: each pair of ports between them is a flow. */
export class Flood {
  readonly #receiver: Machine;
  readonly #senders: readonly number[];
  readonly #listeners: readonly number[];
  readonly #destinations: readonly Buffer[];

  /** @param flows source ports from 40000 on, destination ports from 20000 on */
  constructor(from: Machine, to: Machine, flows: { readonly sources: number; readonly destinations: number }) {
    this.#receiver = to;
    const ports = Array.from({ length: flows.destinations }, (_, i) => 20_000 + i);
    this.#listeners = ports.map((port) => listenUdp(to.netns, 'ipv4', port));
    this.#destinations = ports.map((port) => sockaddr(to.address, port));
    this.#senders = Array.from({ length: flows.sources }, (_, i) => {
      const fd = openSocket(from.netns, 'dgram', 'ipv4');
      bindSocket(fd, from.address, 40_000 + i);
      return fd;
    });
  }

  /** Sends one packet of the first flow and answers it, so that its connection is established. */
  establish(): void {
    const [sender = -1] = this.#senders;
    const [listener = -1] = this.#listeners;
    sendTo(sender, PAYLOAD, this.#destinations[0] ?? null);
    const got = receive(listener);
    if ('error' in got) throw new Error(`the first packet did not arrive: ${got.error}`);
    sendTo(listener, PAYLOAD, got.from);
    if ('error' in receive(sender)) throw new Error('the answer did not arrive');
  }

  /**
   * Sends over all flows in turn. Each link hands a packet on at once, in the sender's system call, so that its time is
   * the time of the whole path. No process reads: packets that the sockets have no room for count as arrived all the
   * same.
   * @returns packets per second that reached the receiver's link
   */
  run(limits: FloodLimits): number {
    const before = arrived(this.#receiver.netns);
    const start = performance.now();
    let sent = 0;
    while (sent < limits.packets && performance.now() - start < limits.ms) {
      for (let i = 0; i < SLICE; i++, sent++) this.#send(sent);
    }
    const seconds = (performance.now() - start) / 1000;
    const received = arrived(this.#receiver.netns) - before;
    if (received < sent * 0.99) throw new Error(`only ${received} of ${sent} packets arrived`);
    return received / seconds;
  }

  close(): void {
    for (const fd of [...this.#senders, ...this.#listeners]) closeSocket(fd);
  }

  #send(n: number): void {
    const fd = this.#senders[n % this.#senders.length] ?? -1;
    const destination = this.#destinations[Math.floor(n / this.#senders.length) % this.#destinations.length];
    sendTo(fd, PAYLOAD, destination ?? null);
  }
}

/** Packets that eth0 has received so far. */
function arrived(netns: Netns): number {
  const table = inNetns(netns, () => fs.readFileSync('/proc/thread-self/net/dev', 'utf8'));
  const counters = /^\s*eth0:\s*\d+\s+(\d+)/m.exec(table);
  return Number(counters?.[1] ?? 0);
}
