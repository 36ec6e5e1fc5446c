/** TCP connections between machines of a lab, made of real sockets that belong to the test and not to sglab. */
import type { Netns } from '../../../src/kernel/netns.js';
import { sockaddr } from '../../../src/kernel/sockaddr.js';
import {
  acceptSocket,
  closeSocket,
  connectSocket,
  listenTcp,
  openSocket,
  receive,
  sendTo,
} from '../../../src/kernel/sockets.js';
import type { TestHost } from './test-host.js';
import { until } from './until.js';

export interface EchoServer {
  /** How many connections it has accepted. */
  accepted(): number;
  close(): void;
}

/** Starts a server that echoes everything. */
export function serve(netns: Netns, port: number): EchoServer {
  const listening = listenTcp(netns, 'ipv4', port);
  const connections: number[] = [];
  const timer = setInterval(() => {
    for (let fd = acceptSocket(listening); fd !== null; fd = acceptSocket(listening)) connections.push(fd);
    for (const fd of connections) {
      const got = receive(fd);
      if ('data' in got && got.data.length > 0) sendTo(fd, got.data, null);
    }
  }, 2);
  return {
    accepted: () => connections.length,
    close: () => {
      clearInterval(timer);
      for (const fd of [listening, ...connections]) closeSocket(fd);
    },
  };
}

export interface Connection {
  /** The present result of connect(2): `connected`, or `EALREADY` while nothing answers. */
  state(): string;
  /** Whether the server echoes what it sends. */
  echoes(): Promise<boolean>;
  close(): void;
}

/** @param wanted `unanswered` does not wait for the connection to be established */
export async function connect(
  host: TestHost,
  namespace: string,
  address: string,
  port: number,
  wanted: 'connected' | 'unanswered' = 'connected',
): Promise<Connection> {
  const fd = await host.withNetns(namespace, (netns) => openSocket(netns, 'stream', 'ipv4'));
  const name = sockaddr(address, port);
  const state = () => connectSocket(fd, name);
  state();
  if (wanted === 'connected') await until(`${address}:${port} accepts`, () => state() === 'connected');
  return {
    state,
    echoes: async () => {
      if (sendTo(fd, Buffer.from('hello'), null) !== null) return false;
      const got = await until('an echo comes back', () => {
        const received = receive(fd);
        return 'data' in received || received.error !== 'EAGAIN' ? received : null;
      });
      return 'data' in got && got.data.toString() === 'hello';
    },
    close: () => closeSocket(fd),
  };
}
