import { EPOLLIN, type Epoll } from '../kernel/epoll.js';
import { closeSocket, receive, sendTo } from '../kernel/sockets.js';

/**
 * Serves a bound UDP socket: sends the result of `answer` for each datagram, nothing if it is null.
 * @returns stops serving and closes the socket
 */
export function serveDatagrams(
  epoll: Epoll,
  fd: number,
  answer: (data: Buffer, from: Buffer) => Buffer | null,
): { close(): void } {
  epoll.add(fd, EPOLLIN, () => {
    for (let got = receive(fd); !('error' in got); got = receive(fd)) {
      const reply = answer(got.data, got.from);
      if (reply !== null) sendTo(fd, reply, got.from);
    }
  });
  return {
    close: () => {
      epoll.remove(fd);
      closeSocket(fd);
    },
  };
}
