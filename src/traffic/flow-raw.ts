import { protocolNumber } from '../cloud/protocol.js';
import { openRawSocket } from '../kernel/raw.js';
import { type FlowMessage, readMessages, type ServerEnd, writeMessage } from './flow-dispatcher.js';
import { connectionless, type OpenTransport, SERVER_END_UNKNOWN, sendWithoutPorts } from './flow-transport.js';
import { rawPayload } from './raw-payload.js';

/** Packets of a protocol without ports between the same two addresses. */
export const openRawFlow: OpenTransport = ({ client, question, startAttempt, dispatcher, first, events }) => {
  const { family, sourceAddress, destinationAddress } = question;
  const protocol = protocolNumber(question.protocol);
  const ports = { source: 0, destination: 0 };
  const attempt = startAttempt(ports);
  let end: ServerEnd | null = null;
  const unsubscribe = dispatcher.subscribe(first.token, (message, serverEnd) => {
    end = serverEnd;
    events.atServer(message);
  });
  const socket = openRawSocket({ ...client, family }, protocol, (packet) => {
    for (const message of readMessages(packet))
      if (message.token === first.token && message.from === 'server') events.atClient(message);
  });
  const close = () => {
    unsubscribe();
    socket.close();
  };
  const sendFromClient = sendWithoutPorts(attempt, (message) =>
    socket.send(rawPayload(protocol, writeMessage(message)), sourceAddress, destinationAddress),
  );
  sendFromClient(first);
  const sendFromServer = (message: FlowMessage) => (end === null ? SERVER_END_UNKNOWN : end.send(message));
  return connectionless({ ports, attempt }, { sendFromClient, sendFromServer }, close);
};
