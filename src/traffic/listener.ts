/** One server of one machine, on all its addresses. */
import type { Family, Listener } from '../cloud/types.js';
import { EPOLLIN, type Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import { openRawSocket } from '../kernel/raw.js';
import { acceptSocket, closeSocket, listenTcp, listenUdp, sendTo } from '../kernel/sockets.js';
import { parsePacket } from '../observe/packet.js';
import { Connection, type ServerContext } from './connection.js';
import { serveDatagrams } from './datagrams.js';
import { type FlowMessage, readMessages, writeMessage } from './flow-message.js';
import { rawPayload } from './raw-payload.js';

export interface OpenListener {
  close(): void;
}

export interface ServedMachine {
  readonly name: string;
  readonly addresses: readonly string[];
  /** Its links by name; null for the only one. */
  readonly devices: readonly (string | null)[];
}

export function openListener(
  context: ServerContext,
  netns: Netns,
  machine: ServedMachine,
  listener: Listener,
): OpenListener {
  const families: Family[] = machine.addresses.some((address) => address.includes(':')) ? ['ipv4', 'ipv6'] : ['ipv4'];
  const open = families.flatMap((family) => openFamily(context, netns, { ...machine, family }, listener));
  return {
    close: () => {
      for (const one of open) one.close();
    },
  };
}

const LOOPBACK: Readonly<Record<Family, string>> = { ipv4: '127.0.0.1', ipv6: '::1' };

/** Without a connection an answer leaves from the address, or through the link, that its own socket is bound to. */
function openFamily(
  context: ServerContext,
  netns: Netns,
  { name, addresses, devices, family }: ServedMachine & { readonly family: Family },
  listener: Listener,
): OpenListener[] {
  switch (listener.protocol) {
    case 'tcp':
      return [serveTcp(context, netns, listenTcp(netns, family, listener.port), name)];
    case 'udp':
      return [LOOPBACK[family], ...addresses]
        .filter((address) => address.includes(':') === (family === 'ipv6'))
        .map((address) => serveUdp(context, listenUdp(netns, family, listener.port, address)));
    case 'raw':
      return devices.map((device) => serveRaw(context, netns, family, device, listener.number));
  }
}

function serveTcp(context: ServerContext, netns: Netns, fd: number, machine: string): OpenListener {
  const connections = new Set<Connection>();
  context.epoll.add(fd, EPOLLIN, () => {
    for (let accepted = acceptSocket(fd); accepted !== null; accepted = acceptSocket(fd)) {
      const connection = new Connection(context, netns, accepted, machine, () => connections.delete(connection));
      connections.add(connection);
    }
  });
  return {
    close: () => {
      for (const connection of [...connections]) connection.end();
      closeListening(context.epoll, fd);
    },
  };
}

/** Gives back what it gets, unless it belongs to a long-lived flow. */
function serveUdp({ epoll, desk }: ServerContext, fd: number): OpenListener {
  return serveDatagrams(epoll, fd, (data, from) => {
    const messages = readMessages(data);
    desk.hear(messages, { connection: null, send: (message) => sendTo(fd, writeMessage(message), from) });
    return messages.length === 0 ? data : null;
  });
}

/** Answers a packet of a protocol without ports with one of the same content. */
function serveRaw(
  { desk }: ServerContext,
  netns: Netns,
  family: Family,
  device: string | null,
  protocol: number,
): OpenListener {
  const socket = openRawSocket({ netns, family, device }, protocol, (message, source) => {
    const headerLength = family === 'ipv4' ? (message.readUInt8(0) & 0xf) * 4 : 0;
    const own = family === 'ipv4' ? (parsePacket(message)?.destination ?? null) : null;
    // An answer that cannot be sent is a probe without an answer: the client will say so.
    const send = (payload: Buffer) => void socket.send(payload, own, source).catch(() => {});
    const payload = Buffer.from(message.subarray(headerLength));
    const messages = readMessages(payload);
    if (messages.length === 0) return send(payload);
    const sendMessage = (flow: FlowMessage) => {
      send(rawPayload(protocol, writeMessage(flow)));
      return null;
    };
    desk.hear(messages, { connection: null, send: sendMessage });
  });
  return socket;
}

function closeListening(epoll: Epoll, fd: number): void {
  epoll.remove(fd);
  closeSocket(fd);
}
