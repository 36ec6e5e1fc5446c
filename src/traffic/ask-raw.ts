import { randomBytes } from 'node:crypto';
import { protocolNumber } from '../cloud/protocol.js';
import { EPOLLIN } from '../kernel/epoll.js';
import { sockaddr } from '../kernel/sockaddr.js';
import { closeSocket, connectSocket, openBoundRaw, receive, sendTo } from '../kernel/sockets.js';
import type { Ask } from './ask.js';
import { readMessages } from './flow-message.js';
import { isAbout, outcomeOfError } from './icmp-sockets.js';
import { rawPayload } from './raw-payload.js';
import { readRawWord, writeRawWord } from './raw-word.js';
import { answerError } from './socket-error.js';

/** One packet of any other protocol; a packet of that protocol back, or an error about it. */
export const askRaw: Ask = (client, question, begin) => {
  const { family, sourceAddress, destinationAddress } = question;
  const protocol = protocolNumber(question.protocol);
  const attempt = begin({ source: 0, destination: 0 });
  const fd = openBoundRaw(client.netns, sourceAddress, protocol);
  const token = randomBytes(8).toString('hex');
  client.epoll.add(fd, EPOLLIN, () => {
    for (let received = receive(fd); ; received = receive(fd)) {
      if ('error' in received) {
        if (received.error !== 'EAGAIN') answerError(attempt, received.error);
        return;
      }
      if (isAnswer(received.data, token)) attempt.answer('connected');
    }
  });
  const stopIcmp = client.icmp.listen(family, (message) => {
    if (!isAbout(message, protocol, sourceAddress, destinationAddress)) return;
    const outcome = outcomeOfError(message);
    if (outcome !== null) attempt.answer(outcome);
  });
  // Connected, it hears nothing but the answers of the one that was asked.
  const failed = connectSocket(fd, sockaddr(destinationAddress, 0));
  const error =
    failed === 'connected' ? sendTo(fd, rawPayload(protocol, writeRawWord({ kind: 'question', token })), null) : failed;
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

/** The server's, or that of a program which is not ours; none to another question, nor the question itself that comes back. */
function isAnswer(packet: Buffer, token: string): boolean {
  const word = readRawWord(packet);
  return word === null ? readMessages(packet).length === 0 : word.kind === 'answer' && word.token === token;
}
