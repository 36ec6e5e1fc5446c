import { EPOLLIN, type Epoll } from '../kernel/epoll.js';
import { closeSocket, receive, sendTo } from '../kernel/sockets.js';

const HTTP_REQUEST = /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH) \S+ HTTP\/1\.[01]\r\n/;

/**
 * The server's side of one TCP connection: an HTTP request is answered by the machine's name (`curl` is content), anything
 * else is echoed. It ends when the client ends it.
 * @returns ends it from this side
 */
export function serveConnection(epoll: Epoll, fd: number, machine: string, onEnd: () => void): () => void {
  const end = () => {
    epoll.remove(fd);
    closeSocket(fd);
    onEnd();
  };
  epoll.add(fd, EPOLLIN, () => {
    const received = receive(fd);
    if ('error' in received) {
      if (received.error !== 'EAGAIN') end();
    } else if (received.data.length === 0) {
      end();
    } else if (HTTP_REQUEST.test(received.data.toString('latin1'))) {
      sendTo(fd, httpAnswer(machine), null);
      end();
    } else {
      sendTo(fd, received.data, null);
    }
  });
  return end;
}

function httpAnswer(machine: string): Buffer {
  const body = `this is ${machine}\n`;
  const head = ['HTTP/1.1 200 OK', 'Content-Type: text/plain', `Content-Length: ${body.length}`, 'Connection: close'];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
