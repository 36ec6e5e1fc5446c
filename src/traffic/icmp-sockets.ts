/** The ICMP sockets of one machine, shared by all its probes: each probe gets every message that arrives. */

import type { Family } from '../cloud/groups/types.js';
import { PROTOCOL } from '../cloud/protocol.js';
import type { Netns } from '../kernel/netns.js';
import { internetChecksum, openRawSocket, type RawSocket } from '../kernel/raw.js';
import { flowKey } from '../observe/flow-key.js';
import { type IcmpHeader, type Packet, parseIcmp, parsePacket } from '../observe/packet.js';

export interface IcmpMessage extends IcmpHeader {
  readonly family: Family;
  readonly source: string;
}

type OnMessage = (message: IcmpMessage) => void;

export class IcmpSockets {
  readonly #netns: Netns;
  readonly #device: string | null;
  readonly #sockets = new Map<Family, RawSocket>();
  readonly #listeners = new Set<OnMessage>();

  /** @param device the link to send through; null: as the routes decide */
  constructor(netns: Netns, device: string | null) {
    this.#netns = netns;
    this.#device = device;
  }

  /** Opens the socket before it returns: an answer to the next packet sent is not missed. */
  listen(family: Family, onMessage: OnMessage): () => void {
    this.#socket(family);
    this.#listeners.add(onMessage);
    return () => this.#listeners.delete(onMessage);
  }

  send(family: Family, message: Buffer, source: string, destination: string): Promise<void> {
    return this.#socket(family).send(message, source, destination);
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  #socket(family: Family): RawSocket {
    const protocol = family === 'ipv4' ? PROTOCOL.icmp : PROTOCOL.icmpv6;
    const origin = { netns: this.#netns, family, device: this.#device };
    const open =
      this.#sockets.get(family) ??
      openRawSocket(origin, protocol, (data, source) => this.#onMessage(family, data, source));
    this.#sockets.set(family, open);
    return open;
  }

  #onMessage(family: Family, data: Buffer, source: string): void {
    const header = family === 'ipv4' ? (parsePacket(data)?.icmp ?? null) : parseIcmp(PROTOCOL.icmpv6, data);
    if (header === null) return;
    for (const listener of [...this.#listeners]) listener({ ...header, family, source });
  }
}

/** The client's outcome for an ICMP error about a sent packet; null if the error is not final. */
export function outcomeOfError(message: IcmpMessage): 'refused' | 'unreachable' | null {
  const { type, code } = message;
  if (message.family === 'ipv4') {
    if (type !== 3 || code === 4) return null; // 3/4 only asks for smaller packets
    return code === 2 || code === 3 ? 'refused' : 'unreachable';
  }
  if (type === 4 && code === 1) return 'refused'; // the receiver does not know the protocol
  if (type !== 1) return null;
  return code === 4 ? 'refused' : 'unreachable';
}

/** Whether the error quotes a packet of this flow. */
export function isAbout(message: IcmpMessage, protocol: number, source: string, destination: string): boolean {
  const about: Packet | null = message.about;
  if (about === null) return false;
  const ends = { sourcePort: 0, destinationPort: 0 };
  return (
    flowKey(about.protocol, { ...ends, source: about.source, destination: about.destination }) ===
    flowKey(protocol, { ...ends, source, destination })
  );
}

export const ECHO_REQUEST: Readonly<Record<Family, number>> = { ipv4: 8, ipv6: 128 };
export const ECHO_REPLY: Readonly<Record<Family, number>> = { ipv4: 0, ipv6: 129 };

export function echoMessage(family: Family, type: number, identifier: number, sequence: number): Buffer {
  return icmpMessage(family, { type, code: 0, identifier, sequence });
}

/** Builds type, code, checksum, identifier, sequence, and enough time stamps for the types that carry them. */
export function icmpMessage(
  family: Family,
  header: { readonly type: number; readonly code: number; readonly identifier: number; readonly sequence: number },
): Buffer {
  const message = Buffer.alloc(36);
  message.writeUInt8(header.type, 0);
  message.writeUInt8(header.code, 1);
  message.writeUInt16BE(header.identifier, 4);
  message.writeUInt16BE(header.sequence, 6);
  // The kernel fills in ICMPv6's checksum: it covers addresses that only routing chooses.
  if (family === 'ipv4') message.writeUInt16BE(internetChecksum(message), 2);
  return message;
}
