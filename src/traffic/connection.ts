import { EPOLLIN, type Epoll } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import { closeSocket, receive, sendTo } from '../kernel/sockets.js';
import {
  type FlowDispatcher,
  readMessages,
  type ServerConnection,
  type ServerEnd,
  writeMessage,
} from './flow-dispatcher.js';

const HTTP_REQUEST = /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH) \S+ HTTP\/1\.[01]\r\n/;

/** Everything that the servers share. */
export interface ServerContext {
  readonly epoll: Epoll;
  readonly dispatcher: FlowDispatcher;
}

export interface AcceptedSocket {
  readonly netns: Netns;
  readonly fd: number;
}

/**
 * The server's side of one TCP connection: an HTTP request is answered with the machine's name (enough for `curl`),
 * anything else is echoed. It ends when the client ends it.
 */
export class Connection implements ServerConnection {
  readonly netns: Netns;
  readonly #context: ServerContext;
  readonly #machine: string;
  readonly #onEnd: () => void;
  readonly #end: ServerEnd = {
    connection: this,
    send: (message) => (this.#isOpen ? sendTo(this.#fd, writeMessage(message), null) : 'EBADF'),
  };
  #fd: number;
  #isOpen = true;

  /** @param machine the name with which it answers HTTP requests */
  constructor(context: ServerContext, { netns, fd }: AcceptedSocket, machine: string, onEnd: () => void) {
    this.#context = context;
    this.netns = netns;
    this.#fd = fd;
    this.#machine = machine;
    this.#onEnd = onEnd;
    this.#listen();
  }

  get fd(): number {
    return this.#fd;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  pause(): void {
    this.#context.epoll.remove(this.#fd);
  }

  replace(fd: number): void {
    this.#fd = fd;
    this.#listen();
  }

  end(): void {
    this.#isOpen = false;
    this.pause();
    closeSocket(this.#fd);
    this.#onEnd();
  }

  #listen(): void {
    this.#context.epoll.add(this.#fd, EPOLLIN, () => this.#onData());
  }

  #onData(): void {
    const received = receive(this.#fd);
    if ('error' in received) {
      if (received.error !== 'EAGAIN') this.end();
      return;
    }
    const { data } = received;
    const messages = readMessages(data);
    if (data.length === 0) {
      this.end();
    } else if (messages.length > 0) {
      this.#context.dispatcher.deliver(messages, this.#end);
    } else if (HTTP_REQUEST.test(data.toString('latin1'))) {
      sendTo(this.#fd, httpAnswer(this.#machine), null);
      this.end();
    } else {
      sendTo(this.#fd, data, null);
    }
  }
}

function httpAnswer(machine: string): Buffer {
  const body = `this is ${machine}\n`;
  const head = ['HTTP/1.1 200 OK', 'Content-Type: text/plain', `Content-Length: ${body.length}`, 'Connection: close'];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}
