import { EPOLLIN } from '../kernel/epoll.js';
import { sockaddr } from '../kernel/sockaddr.js';
import { closeSocket, connectSocket, receive, sendTo } from '../kernel/sockets.js';
import type { Ask } from './ask.js';
import { openBoundSocket } from './bound-socket.js';
import { answerError } from './socket-error.js';

const PAYLOAD = Buffer.from('sglab probe\n');

/** One datagram; an answer, or the error that an ICMP message left on the socket. */
export const askUdp: Ask = (client, question, begin) => {
  const destination = question.port ?? 0;
  const { fd, port } = openBoundSocket(client, 'dgram', question);
  const attempt = begin({ source: port, destination });
  client.epoll.add(fd, EPOLLIN, () => {
    const received = receive(fd);
    if (!('error' in received)) attempt.answer('connected');
    else if (received.error !== 'EAGAIN') answerError(attempt, received.error);
  });
  const failed = connectSocket(fd, sockaddr(question.destinationAddress, destination));
  const error = failed === 'connected' ? sendTo(fd, PAYLOAD, null) : failed;
  if (error !== null) answerError(attempt, error);
  return {
    attempt,
    stop: () => {
      client.epoll.remove(fd);
      closeSocket(fd);
    },
  };
};
