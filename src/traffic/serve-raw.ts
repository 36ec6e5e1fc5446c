import { EPOLLIN } from '../kernel/epoll.js';
import type { Netns } from '../kernel/netns.js';
import { sockaddr } from '../kernel/sockaddr.js';
import { closeSocket, openBoundRaw, receive, sendTo } from '../kernel/sockets.js';
import type { ServerContext } from './connection.js';
import { readMessages, writeMessage } from './flow-message.js';
import type { OpenListener, ServedMachine } from './listener.js';
import { rawPayload } from './raw-payload.js';

/**
 * Answers a packet of a protocol without ports with one of the same content, from the address that it came for, unless it
 * belongs to a long-lived flow.
 */
export function serveRaw(
  { epoll, desk }: ServerContext,
  netns: Netns,
  machine: Pick<ServedMachine, 'addresses' | 'publicAddresses'>,
  protocol: number,
): OpenListener {
  const open: number[] = [];
  const ownAnswers = new OwnAnswers(machine);
  const close = () => {
    for (const fd of open) {
      epoll.remove(fd);
      closeSocket(fd);
    }
  };
  try {
    for (const address of machine.addresses) {
      const fd = openBoundRaw(netns, address, protocol);
      open.push(fd);
      epoll.add(fd, EPOLLIN, () => {
        for (let got = receive(fd); !('error' in got); got = receive(fd)) {
          if (ownAnswers.isOne(got.from, address)) continue;
          const { from } = got;
          const send = (payload: Buffer) => {
            ownAnswers.sent(address, from);
            return sendTo(fd, payload, from);
          };
          const payload = contentOf(got.data, address);
          const messages = readMessages(payload);
          desk.hear(messages, {
            connection: null,
            send: (message) => send(rawPayload(protocol, writeMessage(message))),
          });
          if (messages.length === 0) send(payload);
        }
      });
    }
  } catch (error) {
    close();
    throw error;
  }
  return { close };
}

function contentOf(packet: Buffer, address: string): Buffer {
  return address.includes(':') ? packet : packet.subarray((packet.readUInt8(0) & 0xf) * 4);
}

/**
 * Answers to an address of the machine itself. They come back to this server, which without ports cannot tell them from
 * questions: it would answer its own answers for ever.
 */
class OwnAnswers {
  readonly #addresses: ReadonlyMap<string, string>;
  readonly #underWay = new Map<string, number>();

  constructor({ addresses, publicAddresses }: Pick<ServedMachine, 'addresses' | 'publicAddresses'>) {
    const own = [...addresses.map((address) => [address, address] as const), ...publicAddresses];
    this.#addresses = new Map(own.map(([seen, address]) => [keyOf(sockaddr(seen, 0)), address]));
  }

  sent(from: string, to: Buffer): void {
    const own = this.#addresses.get(keyOf(to));
    if (own === undefined) return;
    const way = `${from} ${own}`;
    this.#underWay.set(way, (this.#underWay.get(way) ?? 0) + 1);
  }

  isOne(from: Buffer, to: string): boolean {
    const way = `${this.#addresses.get(keyOf(from))} ${to}`;
    const count = this.#underWay.get(way) ?? 0;
    if (count > 0) this.#underWay.set(way, count - 1);
    return count > 0;
  }
}

/** The address of a `sockaddr`, without what the kernel adds to it (the link, the port). */
function keyOf(name: Buffer): string {
  return name.length < 28 ? name.toString('hex', 4, 8) : name.toString('hex', 8, 24);
}
