/** The parts of one server of a machine, on all its addresses. */
import type { Family } from '../cloud/groups/types.js';
import type { Listener } from '../cloud/instances/types.js';
import { EPOLLIN, type Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import { portOf } from '../kernel/sockaddr.js';
import { acceptSocket, closeSocket, listenTcp, listenUdp, openBoundRaw, receive, sendTo } from '../kernel/sockets.js';
import { Connection, type ServerContext } from './connection.js';
import { serveDatagrams } from './datagrams.js';
import { type FlowMessage, readMessages, writeMessage } from './flow-dispatcher.js';
import { NO_TOKEN, rawPayload, readRawMessage, writeRawMessage } from './raw-payload.js';

export interface OpenListener {
  close(): void;
}

export interface ServedMachine {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** One socket of a server, or several that must be opened together. */
export interface ListenerPart {
  /** Unique among the parts of the same server. */
  readonly name: string;
  /** Addresses that its namespace must have. */
  readonly needs: readonly string[];
  /** @throws KernelError */
  readonly open: (netns: Netns) => OpenListener;
}

/**
 * Splits a machine's server, on all its addresses, into parts: those that are the same after a change of addresses stay
 * open.
 */
export function listenerParts(context: ServerContext, machine: ServedMachine, listener: Listener): ListenerPart[] {
  const families: Family[] = machine.addresses.some((address) => address.includes(':')) ? ['ipv4', 'ipv6'] : ['ipv4'];
  return families.flatMap((family) => familyParts(context, machine, family, listener));
}

const LOOPBACK: Readonly<Record<Family, string>> = { ipv4: '127.0.0.1', ipv6: '::1' };

/** An answer without a connection leaves from the address that its own socket is bound to. */
function familyParts(
  context: ServerContext,
  { name, addresses }: ServedMachine,
  family: Family,
  listener: Listener,
): ListenerPart[] {
  const own = addresses.filter((address) => address.includes(':') === (family === 'ipv6'));
  switch (listener.protocol) {
    case 'tcp': {
      const open = (netns: Netns) => serveTcp(context, netns, listenTcp(netns, family, listener.port), name);
      return [{ name: family, needs: own.slice(0, 1), open }];
    }
    case 'udp':
      return [LOOPBACK[family], ...own].map((address) => ({
        name: address,
        needs: own.includes(address) ? [address] : own.slice(0, 1),
        open: (netns) => serveUdp(context, listenUdp(netns, family, listener.port, address), listener.port),
      }));
    case 'raw': {
      const open = (netns: Netns) => serveRaw(context, netns, own, listener.number);
      return [{ name: own.join(' '), needs: own, open }];
    }
  }
}

function serveTcp(context: ServerContext, netns: Netns, fd: number, machine: string): OpenListener {
  const connections = new Set<Connection>();
  context.epoll.add(fd, EPOLLIN, () => {
    for (let accepted = acceptSocket(fd); accepted !== null; accepted = acceptSocket(fd)) {
      const connection = new Connection(context, { netns, fd: accepted }, machine, () =>
        connections.delete(connection),
      );
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

/**
 * Echoes each datagram, unless it belongs to a long-lived flow or comes from the same port: two servers would echo it
 * to each other for ever.
 */
function serveUdp({ epoll, dispatcher }: ServerContext, fd: number, port: number): OpenListener {
  let isOpen = true;
  const served = serveDatagrams(epoll, fd, (data, from) => {
    const messages = readMessages(data);
    // A flow may ask for another message after the server is closed, when its descriptor may belong to another file.
    const send = (message: FlowMessage) => (isOpen ? sendTo(fd, writeMessage(message), from) : 'EBADF');
    dispatcher.deliver(messages, { connection: null, send });
    return messages.length === 0 && portOf(from) !== port ? data : null;
  });
  return {
    close: () => {
      isOpen = false;
      served.close();
    },
  };
}

function closeListening(epoll: Epoll, fd: number): void {
  epoll.remove(fd);
  closeSocket(fd);
}

/**
 * Answers a packet of a protocol without ports, from the address to which it came, unless it belongs to a long-lived
 * flow. It does not answer answers: a server's packet reaches the servers of the other machine, too.
 */
function serveRaw(
  { epoll, dispatcher }: ServerContext,
  netns: Netns,
  addresses: readonly string[],
  protocol: number,
): OpenListener {
  const open: number[] = [];
  const close = () => {
    for (const fd of open) {
      epoll.remove(fd);
      closeSocket(fd);
    }
  };
  try {
    for (const address of addresses) {
      const fd = openBoundRaw(netns, address, protocol);
      open.push(fd);
      epoll.add(fd, EPOLLIN, () => {
        for (let got = receive(fd); !('error' in got); got = receive(fd)) {
          const { data, from } = got;
          const word = readRawMessage(data);
          if (word?.kind === 'answer') continue;
          const send = (content: Buffer) => sendTo(fd, rawPayload(protocol, content), from);
          const messages = readMessages(data);
          dispatcher.deliver(messages, { connection: null, send: (message) => send(writeMessage(message)) });
          if (messages.length === 0) send(writeRawMessage({ kind: 'answer', token: word?.token ?? NO_TOKEN }));
        }
      });
    }
  } catch (error) {
    close();
    throw error;
  }
  return { close };
}
