import { protocolNumber } from '../cloud/protocol.js';
import { EPOLLIN } from '../kernel/epoll.js';
import { sockaddr } from '../kernel/sockaddr.js';
import { closeSocket, connectSocket, openBoundRaw, receive, sendTo } from '../kernel/sockets.js';
import type { Ask } from './ask.js';
import { isAbout, outcomeOfError } from './icmp-sockets.js';
import { rawPayload } from './raw-payload.js';
import { answerError } from './socket-error.js';

const PAYLOAD = Buffer.from('sglab probe\n');

/** One packet of any other protocol; a packet of that protocol back, or an error about it. */
export const askRaw: Ask = (client, question, begin, hearsItself) => {
  const { family, sourceAddress, destinationAddress } = question;
  const protocol = protocolNumber(question.protocol);
  const attempt = begin({ source: 0, destination: 0 });
  const fd = openBoundRaw(client.netns, sourceAddress, protocol);
  // Who asks the very address that it asks from hears its own question first.
  let own = hearsItself ? 1 : 0;
  client.epoll.add(fd, EPOLLIN, () => {
    for (let received = receive(fd); ; received = receive(fd)) {
      if ('error' in received) {
        if (received.error !== 'EAGAIN') answerError(attempt, received.error);
        return;
      }
      if (own-- <= 0) attempt.answer('connected');
    }
  });
  const stopIcmp = client.icmp.listen(family, (message) => {
    if (!isAbout(message, protocol, sourceAddress, destinationAddress)) return;
    const outcome = outcomeOfError(message);
    if (outcome !== null) attempt.answer(outcome);
  });
  // Connected, it hears nothing but the answers of the one that was asked.
  const failed = connectSocket(fd, sockaddr(destinationAddress, 0));
  const error = failed === 'connected' ? sendTo(fd, rawPayload(protocol, PAYLOAD), null) : failed;
  if (error !== null) answerError(attempt, error);
  return {
    attempt,
    stop: () => {
      stopIcmp();
      client.epoll.remove(fd);
      closeSocket(fd);
    },
  };
};
