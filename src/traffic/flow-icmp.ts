import type { FlowMessage } from './flow-dispatcher.js';
import { connectionless, type OpenTransport, sendWithoutPorts } from './flow-transport.js';
import { ECHO_REPLY, ECHO_REQUEST, echoMessage, type IcmpMessage } from './icmp-sockets.js';

/**
 * A ping with one identifier. The server's kernel answers each request itself; a message from the server is an echo
 * reply.
 */
export const openIcmpFlow: OpenTransport = ({
  client,
  server,
  serverAddress,
  question,
  startAttempt,
  first,
  events,
}) => {
  const { family, sourceAddress, destinationAddress } = question;
  const identifier = client.ports.take();
  const ports = { source: identifier, destination: identifier };
  const attempt = startAttempt(ports);
  // The kernel may have answered, and the client received it, before the request is read at the server.
  let heardAtServer: (source: string) => void = () => {};
  const clientAsSeen = new Promise<string>((resolve) => {
    heardAtServer = resolve;
  });
  const read = ({ sequence }: IcmpMessage): FlowMessage => ({ ...first, serial: sequence });
  const isOf = (message: IcmpMessage, type: number) => message.type === type && message.identifier === identifier;
  const stops = [
    server.icmp.listen(family, (message) => {
      if (!isOf(message, ECHO_REQUEST[family])) return;
      heardAtServer(message.source);
      events.atServer(read(message));
    }),
    client.icmp.listen(family, (message) => {
      if (isOf(message, ECHO_REPLY[family]) && message.source === destinationAddress) events.atClient(read(message));
    }),
  ];
  const close = () => {
    for (const stop of stops) stop();
  };
  const sendFromClient = sendWithoutPorts(attempt, ({ serial }) => {
    const message = echoMessage(family, ECHO_REQUEST[family], identifier, serial);
    return client.icmp.send(family, message, sourceAddress, destinationAddress);
  });
  sendFromClient(first);
  const sendFromServer = ({ serial }: FlowMessage) => {
    const message = echoMessage(family, ECHO_REPLY[family], identifier, serial);
    clientAsSeen
      .then((client) => server.icmp.send(family, message, serverAddress, client))
      .catch((error: Error) => events.onClosed(error.message));
    return null;
  };
  return connectionless({ ports, attempt }, { sendFromClient, sendFromServer }, close);
};
