import { EPOLLIN } from '../kernel/epoll.js';
import { sockaddr } from '../kernel/sockaddr.js';
import { closeSocket, connectSocket, receive, sendTo } from '../kernel/sockets.js';
import { answerError, openBoundSocket } from './bound-socket.js';
import { type FlowMessage, readMessages, type ServerEnd, writeMessage } from './flow-dispatcher.js';
import { connectionless, type OpenTransport, SERVER_END_UNKNOWN } from './flow-transport.js';

/** Datagrams between the same two ports. */
export const openUdpFlow: OpenTransport = ({ client, question, startAttempt, dispatcher, first, events }) => {
  const { fd, port } = openBoundSocket(client, 'dgram', question);
  const ports = { source: port, destination: question.port ?? 0 };
  const attempt = startAttempt(ports);
  let end: ServerEnd | null = null;
  const unsubscribe = dispatcher.subscribe(first.token, (message, serverEnd) => {
    end = serverEnd;
    events.atServer(message);
  });
  client.epoll.add(fd, EPOLLIN, () => {
    const received = receive(fd);
    if ('data' in received) {
      for (const message of readMessages(received.data)) events.atClient(message);
    } else if (received.error !== 'EAGAIN') {
      answerError(attempt, received.error);
      events.onClosed(received.error);
    }
  });
  const failed = connectSocket(fd, sockaddr(question.destinationAddress, ports.destination));
  const error = failed === 'connected' ? sendTo(fd, writeMessage(first), null) : failed;
  if (error !== null) answerError(attempt, error);
  const close = () => {
    unsubscribe();
    client.epoll.remove(fd);
    closeSocket(fd);
  };
  const sends = {
    sendFromClient: (message: FlowMessage) => sendTo(fd, writeMessage(message), null),
    sendFromServer: (message: FlowMessage) => (end === null ? SERVER_END_UNKNOWN : end.send(message)),
  };
  return connectionless({ ports, attempt }, sends, close);
};
