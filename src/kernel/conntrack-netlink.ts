/** Connection tracking over netlink: thousands of entries in one system call each way, and no process. */
import { KernelError } from './errors.js';
import { errnoName } from './libc.js';
import { type Attributes, attributesOf, HEADERS, message, NETLINK, openNetlink, split } from './netlink.js';
import type { Netns } from './netns.js';
import { receive, sendTo } from './sockets.js';

/** nfnetlink's subsystem 1 is connection tracking. */
const NEW = 0x100;
const GET = 0x101;
const DELETE = 0x102;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_DUMP = 0x300;
/** Attributes of an entry, and of its tuples and counters (linux/netfilter/nfnetlink_conntrack.h). */
export const CTA = { tupleOriginal: 1, timeout: 7, mark: 8, countersOriginal: 9, countersReply: 10, id: 12 } as const;

export interface RawEntry {
  /** AF_INET, AF_INET6, or 0 for all of them. */
  readonly family: number;
  readonly attributes: Attributes;
}

export function openConntrack(netns: Netns): number {
  return openNetlink(netns, NETLINK.netfilter);
}

/**
 * Lists every entry of the namespace.
 * @throws KernelError
 */
export function dumpConntrack(fd: number): RawEntry[] {
  send(fd, [message(GET, NLM_F_DUMP, 0, [])]);
  const entries: RawEntry[] = [];
  for (;;) {
    const parts = nextParts(fd);
    if (parts === null) throw new KernelError({ command: 'list connections', stderr: 'the list has no end' });
    for (const part of parts) {
      const type = part.readUInt16LE(4);
      if (type === NLMSG_DONE) return entries;
      if (type === NLMSG_ERROR) refuse('list connections', part);
      else entries.push({ family: part.readUInt8(16), attributes: attributesOf(part.subarray(HEADERS)) });
    }
  }
}

/**
 * Deletes every entry of the namespace: much quicker than listing them, which locks each of the host's 262 144 buckets.
 */
export function flushConntrack(fd: number): void {
  changeConntrack(fd, [message(DELETE, 0, 0, [])]);
}

export function setTimeoutMessage({ family, attributes }: RawEntry, seconds: number): Buffer {
  const timeout = Buffer.alloc(8);
  timeout.writeUInt16LE(timeout.length, 0);
  timeout.writeUInt16LE(CTA.timeout, 2);
  timeout.writeUInt32BE(seconds, 4);
  return message(NEW, 0, family, [nameOf(attributes), timeout]);
}

export function deleteMessage({ family, attributes }: RawEntry): Buffer {
  return message(DELETE, 0, family, [nameOf(attributes)]);
}

/**
 * The kernel processes the messages while they are sent, and answers only with errors. An entry that is gone by then
 * needs no change.
 */
export function changeConntrack(fd: number, messages: readonly Buffer[]): void {
  send(fd, messages);
  for (let parts = nextParts(fd); parts !== null; parts = nextParts(fd)) {
    for (const part of parts) refuse('change the time of connections', part);
  }
}

/** The attribute that identifies an entry, as the kernel wrote it. */
function nameOf(attributes: Attributes): Buffer {
  return attributes.get(CTA.tupleOriginal) ?? Buffer.alloc(0);
}

function send(fd: number, messages: readonly Buffer[]): void {
  const error = sendTo(fd, Buffer.concat(messages), null);
  if (error !== null) throw new KernelError({ command: 'send to netlink', stderr: error });
}

/** The messages of one datagram; null if none is waiting. */
function nextParts(fd: number): Buffer[] | null {
  const received = receive(fd);
  if ('data' in received) return split(received.data, (buffer) => buffer.readUInt32LE(0));
  if (received.error === 'EAGAIN') return null;
  throw new KernelError({ command: 'receive from netlink', stderr: received.error });
}

function refuse(command: string, part: Buffer): void {
  const error = part.readUInt16LE(4) === NLMSG_ERROR ? errnoName(-part.readInt32LE(16)) : 'an unknown message';
  if (error !== 'ENOENT') throw new KernelError({ command, stderr: error });
}
