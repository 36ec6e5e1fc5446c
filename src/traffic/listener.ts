/** One server of one machine, on all its addresses. */
import type { Family, Listener } from '../cloud/types.js';
import { EPOLLIN, type Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import { openRawSocket } from '../kernel/raw.js';
import { acceptSocket, closeSocket, listenTcp, listenUdp, receive, sendTo } from '../kernel/sockets.js';
import { parsePacket } from '../observe/packet.js';
import { serveConnection } from './connection.js';

export interface OpenListener {
  close(): void;
}

export interface ServedMachine {
  readonly name: string;
  readonly ipv6: boolean;
}

export function openListener(epoll: Epoll, netns: Netns, machine: ServedMachine, listener: Listener): OpenListener {
  const families: Family[] = machine.ipv6 ? ['ipv4', 'ipv6'] : ['ipv4'];
  const open = families.map((family) => openOne(epoll, netns, { ...machine, family }, listener));
  return {
    close: () => {
      for (const one of open) one.close();
    },
  };
}

function openOne(
  epoll: Epoll,
  netns: Netns,
  machine: ServedMachine & { readonly family: Family },
  listener: Listener,
): OpenListener {
  switch (listener.protocol) {
    case 'tcp':
      return serveTcp(epoll, listenTcp(netns, machine.family, listener.port), machine.name);
    case 'udp':
      return serveUdp(epoll, listenUdp(netns, machine.family, listener.port));
    case 'raw':
      return serveRaw(netns, machine.family, listener.number);
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

function serveUdp(epoll: Epoll, fd: number): OpenListener {
  epoll.add(fd, EPOLLIN, () => {
    for (let got = receive(fd); !('error' in got); got = receive(fd)) sendTo(fd, got.data, got.from);
  });
  return { close: () => closeListening(epoll, fd) };
}

/** Answers a packet of a protocol without ports with one of the same content. */
function serveRaw(netns: Netns, family: Family, protocol: number): OpenListener {
  const socket = openRawSocket({ netns, family, device: null }, protocol, (message, source) => {
    const headerLength = family === 'ipv4' ? (message.readUInt8(0) & 0xf) * 4 : 0;
    const own = parsePacket(message)?.destination ?? '';
    // An answer that cannot be sent is a probe without an answer: the client will say so.
    socket.send(Buffer.from(message.subarray(headerLength)), own, source).catch(() => {});
  });
  return socket;
}

function closeListening(epoll: Epoll, fd: number): void {
  epoll.remove(fd);
  closeSocket(fd);
}
