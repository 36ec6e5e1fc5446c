/** One server of one machine, on all its addresses. */
import type { Family, Listener } from '../cloud/types.js';
import { EPOLLIN, type Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import { acceptSocket, closeSocket, listenTcp, listenUdp, sendTo } from '../kernel/sockets.js';
import { Connection, type ServerContext } from './connection.js';
import { serveDatagrams } from './datagrams.js';
import { readMessages, writeMessage } from './flow-message.js';
import { serveRaw } from './serve-raw.js';

export interface OpenListener {
  close(): void;
}

export interface ServedMachine {
  readonly name: string;
  readonly addresses: readonly string[];
  /** By which the internet gateway leads back to one of its addresses. */
  readonly publicAddresses: ReadonlyMap<string, string>;
}

export function openListener(
  context: ServerContext,
  netns: Netns,
  machine: ServedMachine,
  listener: Listener,
): OpenListener {
  const families: Family[] = machine.addresses.some((address) => address.includes(':')) ? ['ipv4', 'ipv6'] : ['ipv4'];
  return openAll(families, (family) => openFamily(context, netns, { ...machine, family }, listener));
}

const LOOPBACK: Readonly<Record<Family, string>> = { ipv4: '127.0.0.1', ipv6: '::1' };

/** Without a connection an answer leaves from the address that its own socket is bound to. */
function openFamily(
  context: ServerContext,
  netns: Netns,
  { name, addresses, publicAddresses, family }: ServedMachine & { readonly family: Family },
  listener: Listener,
): OpenListener {
  const own = addresses.filter((address) => address.includes(':') === (family === 'ipv6'));
  switch (listener.protocol) {
    case 'tcp':
      return serveTcp(context, netns, listenTcp(netns, family, listener.port), name);
    case 'udp':
      return openAll([LOOPBACK[family], ...own], (address) =>
        serveUdp(context, listenUdp(netns, family, listener.port, address)),
      );
    case 'raw':
      return serveRaw(context, netns, { addresses: own, publicAddresses }, listener.number);
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

/** All or none: where one cannot be opened, those before it are closed. */
function openAll<T>(items: readonly T[], open: (item: T) => OpenListener): OpenListener {
  const opened: OpenListener[] = [];
  const close = () => {
    for (const each of opened) each.close();
  };
  try {
    for (const item of items) opened.push(open(item));
    return { close };
  } catch (error) {
    close();
    throw error;
  }
}

function closeListening(epoll: Epoll, fd: number): void {
  epoll.remove(fd);
  closeSocket(fd);
}
