import { EPOLLIN } from '../kernel/epoll.js';
import { sockaddr } from '../kernel/sockaddr.js';
import { closeSocket, connectSocket, receive, sendTo } from '../kernel/sockets.js';
import { answerError, openBoundSocket } from './bound-socket.js';
import { type FlowMessage, readMessages, type ServerEnd, writeMessage } from './flow-desk.js';
import { connectionless, NO_SERVER_END, type OpenTransport } from './flow-transport.js';

/** Datagrams between the same two ports. */
export const openUdpFlow: OpenTransport = ({ client, question, begin, desk, first, events }) => {
  const { fd, port } = openBoundSocket(client, 'dgram', question);
  const ports = { source: port, destination: question.port ?? 0 };
  const attempt = begin(ports);
  let end: ServerEnd | null = null;
  const unattend = desk.attend(first.token, (message, heard) => {
    end = heard;
    events.atServer(message);
  });
  client.epoll.add(fd, EPOLLIN, () => {
    const received = receive(fd);
    if ('data' in received) {
      for (const message of readMessages(received.data)) events.atClient(message);
    } else if (received.error !== 'EAGAIN') {
      answerError(attempt, received.error);
      events.over(received.error);
    }
  });
  const failed = connectSocket(fd, sockaddr(question.destinationAddress, ports.destination));
  const error = failed === 'connected' ? sendTo(fd, writeMessage(first), null) : failed;
  if (error !== null) answerError(attempt, error);
  const close = () => {
    unattend();
    client.epoll.remove(fd);
    closeSocket(fd);
  };
  const sends = {
    sendFromClient: (message: FlowMessage) => sendTo(fd, writeMessage(message), null),
    sendFromServer: (message: FlowMessage) => (end === null ? NO_SERVER_END : end.send(message)),
  };
  return connectionless({ ports, attempt }, sends, close);
};
