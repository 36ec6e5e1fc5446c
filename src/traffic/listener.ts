/** One server of one machine, on all its addresses. */
import type { Family, Listener } from '../cloud/types.js';
import { EPOLLIN, type Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import { openRawSocket } from '../kernel/raw.js';
import { acceptSocket, closeSocket, listenTcp, listenUdp } from '../kernel/sockets.js';
import { parsePacket } from '../observe/packet.js';
import { serveConnection } from './connection.js';
import { serveDatagrams } from './datagrams.js';

export interface OpenListener {
  close(): void;
}

export interface ServedMachine {
  readonly name: string;
  readonly addresses: readonly string[];
  /** Its links by name; null for the only one. */
  readonly devices: readonly (string | null)[];
}

export function openListener(epoll: Epoll, netns: Netns, machine: ServedMachine, listener: Listener): OpenListener {
  const families: Family[] = machine.addresses.some((address) => address.includes(':')) ? ['ipv4', 'ipv6'] : ['ipv4'];
  const open = families.flatMap((family) => openFamily(epoll, netns, { ...machine, family }, listener));
  return {
    close: () => {
      for (const one of open) one.close();
    },
  };
}

const LOOPBACK: Readonly<Record<Family, string>> = { ipv4: '127.0.0.1', ipv6: '::1' };

/** Without a connection an answer leaves from the address, or through the link, that its own socket is bound to. */
function openFamily(
  epoll: Epoll,
  netns: Netns,
  { name, addresses, devices, family }: ServedMachine & { readonly family: Family },
  listener: Listener,
): OpenListener[] {
  switch (listener.protocol) {
    case 'tcp':
      return [serveTcp(epoll, listenTcp(netns, family, listener.port), name)];
    case 'udp':
      return [LOOPBACK[family], ...addresses]
        .filter((address) => address.includes(':') === (family === 'ipv6'))
        .map((address) => serveDatagrams(epoll, listenUdp(netns, family, listener.port, address), (data) => data));
    case 'raw':
      return devices.map((device) => serveRaw(netns, family, device, listener.number));
  }
}

function serveTcp(epoll: Epoll, fd: number, machine: string): OpenListener {
  const connections = new Set<() => void>();
  epoll.add(fd, EPOLLIN, () => {
    for (let accepted = acceptSocket(fd); accepted !== null; accepted = acceptSocket(fd)) {
      const end = serveConnection(epoll, accepted, machine, () => connections.delete(end));
      connections.add(end);
    }
  });
  return {
    close: () => {
      for (const end of [...connections]) end();
      closeListening(epoll, fd);
    },
  };
}

/** Answers a packet of a protocol without ports with one of the same content. */
function serveRaw(netns: Netns, family: Family, device: string | null, protocol: number): OpenListener {
  const socket = openRawSocket({ netns, family, device }, protocol, (message, source) => {
    const headerLength = family === 'ipv4' ? (message.readUInt8(0) & 0xf) * 4 : 0;
    const own = family === 'ipv4' ? (parsePacket(message)?.destination ?? null) : null;
    // An answer that cannot be sent is a probe without an answer: the client will say so.
    socket.send(Buffer.from(message.subarray(headerLength)), own, source).catch(() => {});
  });
  return socket;
}

function closeListening(epoll: Epoll, fd: number): void {
  epoll.remove(fd);
  closeSocket(fd);
}
