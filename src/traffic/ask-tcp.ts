import { EPOLLOUT } from '../kernel/epoll.js';
import { sockaddr } from '../kernel/sockaddr.js';
import { closeSocket, connectSocket, resetOnClose } from '../kernel/sockets.js';
import type { Ask } from './ask.js';
import { openBoundSocket } from './bound-socket.js';
import { answerError } from './socket-error.js';

const UNDER_WAY: ReadonlySet<string> = new Set(['EINPROGRESS', 'EALREADY']);

/**
 * A TCP handshake. Inside one machine it is nearly always over when connect(2) returns, because each link hands its
 * packets on at once: only then is the event loop asked.
 */
export const askTcp: Ask = (client, question, begin) => {
  const destination = question.port ?? 0;
  const { fd, port } = openBoundSocket(client, 'stream', question);
  resetOnClose(fd);
  const attempt = begin({ source: port, destination });
  const address = sockaddr(question.destinationAddress, destination);
  const ask = () => {
    const result = connectSocket(fd, address);
    if (result === 'connected') attempt.answer('connected');
    else if (!UNDER_WAY.has(result)) answerError(attempt, result);
    return UNDER_WAY.has(result);
  };
  const waits = ask() && ask();
  if (waits) client.epoll.add(fd, EPOLLOUT, () => (ask() ? undefined : client.epoll.remove(fd)));
  return {
    attempt,
    stop: () => {
      client.epoll.remove(fd);
      closeSocket(fd);
    },
  };
};
