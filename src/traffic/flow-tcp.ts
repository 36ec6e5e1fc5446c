import { setTimeout as sleep } from 'node:timers/promises';
import { EPOLLIN, EPOLLOUT } from '../kernel/epoll.js';
import { sockaddr } from '../kernel/sockaddr.js';
import { closeSocket, connectSocket, receive, resetOnClose, sendTo } from '../kernel/sockets.js';
import { acknowledgeNow, restoreConnection, unacknowledged } from '../kernel/tcp-repair.js';
import { answerError, openBoundSocket } from './bound-socket.js';
import { readMessages, type ServerConnection, type ServerEnd, writeMessage } from './flow-dispatcher.js';
import { type FlowOpening, type OpeningFlow, type OpenTransport, SERVER_END_UNKNOWN } from './flow-transport.js';

/** The server's FIN follows the client's at once, unless one of them is dropped. Milliseconds. */
const FINISH_MS = 200;

const UNDER_WAY: ReadonlySet<string> = new Set(['EINPROGRESS', 'EALREADY']);

export const openTcpFlow: OpenTransport = (opening) => {
  const { client, question, startAttempt, dispatcher, first, events } = opening;
  const { epoll } = client;
  const destination = question.port ?? 0;
  const bound = openBoundSocket(client, 'stream', question);
  const ports = { source: bound.port, destination };
  const attempt = startAttempt(ports);
  let { fd } = bound;
  let end: ServerEnd | null = null;
  const unsubscribe = dispatcher.subscribe(first.token, (message, serverEnd) => {
    end = serverEnd;
    events.atServer(message);
  });
  const listen = () => epoll.add(fd, EPOLLIN, () => readAll(opening, epoll.remove.bind(epoll), fd));
  const close = () => {
    unsubscribe();
    epoll.remove(fd);
    closeSocket(fd);
  };
  connect(opening, fd, { attempt, ports }, listen);
  return {
    ports,
    attempt,
    transport: {
      sendFromClient: (message) => sendTo(fd, writeMessage(message), null),
      sendFromServer: (message) => end?.send(message) ?? (end === null ? SERVER_END_UNKNOWN : null),
      settle: () => {
        const connection = end?.connection ?? null;
        if (!connection?.isOpen || isQuiet(fd, connection.fd)) return;
        epoll.remove(fd);
        connection.pause();
        const restored = restoreConnection({ netns: client.netns, fd }, connection, question.family);
        if (restored !== null) fd = restored.a;
        connection.replace(restored?.b ?? connection.fd);
        listen();
      },
      finish: async () => {
        close();
        const deadline = performance.now() + FINISH_MS;
        while (end?.connection?.isOpen && performance.now() < deadline) await sleep(1);
      },
      abandon: () => {
        resetOnClose(fd);
        close();
      },
    },
  };
};

/** Performs the handshake, and calls `listen` when it is complete. */
function connect(
  { client: { epoll }, question }: FlowOpening,
  fd: number,
  { attempt, ports }: Pick<OpeningFlow, 'attempt' | 'ports'>,
  listen: () => void,
): void {
  const address = sockaddr(question.destinationAddress, ports.destination);
  const ask = () => {
    const result = connectSocket(fd, address);
    if (UNDER_WAY.has(result)) return true;
    epoll.remove(fd);
    if (result === 'connected') {
      listen();
      attempt.answer('connected');
    } else {
      answerError(attempt, result);
    }
    return false;
  };
  if (ask()) epoll.add(fd, EPOLLOUT, ask);
}

function readAll({ events }: FlowOpening, remove: (fd: number) => void, fd: number): void {
  const received = receive(fd);
  if ('error' in received) {
    if (received.error === 'EAGAIN') return;
    remove(fd);
    events.onClosed(received.error);
  } else if (received.data.length === 0) {
    remove(fd);
    events.onClosed('EOF');
  } else {
    for (const message of readMessages(received.data)) events.atClient(message);
  }
}

/** Whether neither end waits for an acknowledgement nor delays one. */
function isQuiet(client: number, server: ServerConnection['fd']): boolean {
  acknowledgeNow(client);
  acknowledgeNow(server);
  return unacknowledged(client) === 0 && unacknowledged(server) === 0;
}
