/**
 * Moves the time of connection tracking. By netlink, not by the command `conntrack`: that one reads the whole table again for
 * each entry that it changes (measured: 23 s for 2 000 entries), and gives up where the table changes meanwhile.
 */
import type { Aged } from './aged.js';
import { KernelError } from './errors.js';
import { checked, errnoName, libcCalls } from './libc.js';
import { inNetns, type Netns } from './netns.js';
import { closeSocket, receive, sendTo } from './sockets.js';

/**
 * Takes that many whole seconds of idleness from every entry of a namespace, of every protocol; those whose time is then over
 * are deleted. The kernel tells the time left in whole seconds, rounded down, so what is left is rounded up again: else every
 * move would take a second more than it says.
 * @throws KernelError
 */
export function ageConntrack(netns: Netns, seconds: number): Aged {
  const fd = openNetlink(netns);
  try {
    const entries = dump(fd);
    const left = entries.map((entry) => entry.secondsLeft + 1 - seconds);
    const messages = entries.map((entry, at) => {
      const timeout = left[at] ?? 0;
      return timeout > 0 ? message(NEW, 0, entry, timeoutAttribute(timeout)) : message(DELETE, 0, entry);
    });
    for (let at = 0; at < messages.length; at += BATCH) change(fd, messages.slice(at, at + BATCH));
    const kept = left.filter((timeout) => timeout > 0).length;
    return { kept, expired: entries.length - kept };
  } finally {
    closeSocket(fd);
  }
}

const AF_NETLINK = 16;
const SOCK_RAW_NONBLOCK_CLOEXEC = 0x8_0803;
const NETLINK_NETFILTER = 12;

/** Messages per send: stays well below the socket's buffer, also when each is answered by an error. */
const BATCH = 250;

/** nfnetlink's subsystem 1 is connection tracking. */
const NEW = 0x100;
const GET = 0x101;
const DELETE = 0x102;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_REQUEST = 1;
const NLM_F_DUMP = 0x300;
/** struct nlmsghdr, then struct nfgenmsg. */
const HEADERS = 16 + 4;
const CTA_TUPLE_ORIG = 1;
const CTA_TIMEOUT = 7;

interface Entry {
  /** AF_INET, AF_INET6, or 0 for all of them. */
  readonly family: number;
  /** The attribute that names the entry, as the kernel wrote it. */
  readonly tuple: Buffer;
  readonly secondsLeft: number;
}

function openNetlink(netns: Netns): number {
  const fd = inNetns(netns, () => libcCalls.socket(AF_NETLINK, SOCK_RAW_NONBLOCK_CLOEXEC, NETLINK_NETFILTER));
  return checked(`netlink socket in ${netns.name}`, fd);
}

function dump(fd: number): Entry[] {
  send(fd, [message(GET, NLM_F_DUMP, { family: 0, tuple: Buffer.alloc(0) })]);
  const entries: Entry[] = [];
  for (;;) {
    const parts = nextParts(fd);
    if (parts === null) throw new KernelError({ command: 'list connections', stderr: 'the list has no end' });
    for (const part of parts) {
      const type = part.readUInt16LE(4);
      if (type === NLMSG_DONE) return entries;
      if (type === NLMSG_ERROR) refuse('list connections', part);
      else entries.push(...entryOf(part));
    }
  }
}

function entryOf(part: Buffer): Entry[] {
  let tuple: Buffer | null = null;
  let secondsLeft = 0; // the kernel leaves a zero out
  for (const attribute of split(part.subarray(HEADERS), (buffer) => buffer.readUInt16LE(0))) {
    const type = attribute.readUInt16LE(2) & 0x3fff;
    if (type === CTA_TUPLE_ORIG) tuple = attribute;
    else if (type === CTA_TIMEOUT) secondsLeft = attribute.readUInt32BE(4);
  }
  return tuple === null ? [] : [{ family: part.readUInt8(16), tuple, secondsLeft }];
}

/** The kernel works on them while they are sent; answers are errors only. What has gone meanwhile needs no change. */
function change(fd: number, messages: readonly Buffer[]): void {
  send(fd, messages);
  for (let parts = nextParts(fd); parts !== null; parts = nextParts(fd)) {
    for (const part of parts) refuse('change the time of connections', part);
  }
}

function send(fd: number, messages: readonly Buffer[]): void {
  const error = sendTo(fd, Buffer.concat(messages), null);
  if (error !== null) throw new KernelError({ command: 'send to netlink', stderr: error });
}

/** The messages of one datagram, or null when none waits. */
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

/** Messages and attributes alike begin with their length and are padded to four bytes. */
function split(buffer: Buffer, lengthOf: (buffer: Buffer) => number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= buffer.length; ) {
    const length = Math.max(4, lengthOf(buffer.subarray(at)));
    parts.push(buffer.subarray(at, at + length));
    at += (length + 3) & ~3;
  }
  return parts;
}

function message(
  type: number,
  flags: number,
  { family, tuple }: Pick<Entry, 'family' | 'tuple'>,
  more: Buffer = Buffer.alloc(0),
): Buffer {
  const padding = Buffer.alloc(-tuple.length & 3);
  const buffer = Buffer.concat([Buffer.alloc(HEADERS), tuple, padding, more]);
  buffer.writeUInt32LE(buffer.length, 0);
  buffer.writeUInt16LE(type, 4);
  buffer.writeUInt16LE(NLM_F_REQUEST | flags, 6);
  buffer.writeUInt8(family, 16);
  return buffer;
}

function timeoutAttribute(seconds: number): Buffer {
  const attribute = Buffer.alloc(8);
  attribute.writeUInt16LE(attribute.length, 0);
  attribute.writeUInt16LE(CTA_TIMEOUT, 2);
  attribute.writeUInt32BE(seconds, 4);
  return attribute;
}
