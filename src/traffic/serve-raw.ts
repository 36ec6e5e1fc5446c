import { EPOLLIN } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import { closeSocket, openBoundRaw, receive, sendTo } from '../kernel/sockets.js';
import type { ServerContext } from './connection.js';
import { readMessages, writeMessage } from './flow-message.js';
import type { OpenListener } from './listener.js';
import { rawPayload } from './raw-payload.js';
import { NO_TOKEN, readRawWord, writeRawWord } from './raw-word.js';

/**
 * Answers a packet of a protocol without ports, from the address that it came for, unless it belongs to a long-lived flow. An
 * answer is not answered: what a server sends reaches the servers of the other machine, too.
 */
export function serveRaw(
  { epoll, desk }: ServerContext,
  netns: Netns,
  addresses: readonly string[],
  protocol: number,
): OpenListener {
  const open: number[] = [];
  const close = () => {
    for (const fd of open) {
      epoll.remove(fd);
      closeSocket(fd);
    }
  };
  try {
    for (const address of addresses) {
      const fd = openBoundRaw(netns, address, protocol);
      open.push(fd);
      epoll.add(fd, EPOLLIN, () => {
        for (let got = receive(fd); !('error' in got); got = receive(fd)) {
          const { data, from } = got;
          const word = readRawWord(data);
          if (word?.kind === 'answer') continue;
          const send = (content: Buffer) => sendTo(fd, rawPayload(protocol, content), from);
          const messages = readMessages(data);
          desk.hear(messages, { connection: null, send: (message) => send(writeMessage(message)) });
          if (messages.length === 0) send(writeRawWord({ kind: 'answer', token: word?.token ?? NO_TOKEN }));
        }
      });
    }
  } catch (error) {
    close();
    throw error;
  }
  return { close };
}
