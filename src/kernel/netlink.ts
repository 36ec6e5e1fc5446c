/** Sockets and messages of netlink, by which the kernel is asked in a system call each way, and tells what happens. */
import { KernelError } from './errors.js';
import { checked, errnoName, libcCalls } from './libc.js';
import { inNetns, type Netns } from './netns.js';
import { receive, sendTo } from './sockets.js';

const AF_NETLINK = 16;
const SOCK_RAW_NONBLOCK_CLOEXEC = 0x8_0803;
const NLM_F_REQUEST = 1;
const NLM_F_DUMP = 0x300;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
/** struct nlmsghdr; struct nlmsgerr follows in a refusal. */
const HEADER = 16;

/** Families of netlink sockets. */
export const NETLINK = { route: 0, netfilter: 12 } as const;

/** struct nlmsghdr, then struct nfgenmsg. */
export const HEADERS = 16 + 4;

/** Attributes by type: each with its four bytes of length and type. */
export type Attributes = ReadonlyMap<number, Buffer>;

/** @param groups a bit for each whose events it hears */
export function openNetlink(netns: Netns, family: number, groups = 0): number {
  const opened = inNetns(netns, () => libcCalls.socket(AF_NETLINK, SOCK_RAW_NONBLOCK_CLOEXEC, family));
  const fd = checked(`netlink socket in ${netns.name}`, opened);
  if (groups === 0) return fd;
  // struct sockaddr_nl
  const address = Buffer.alloc(12);
  address.writeUInt16LE(AF_NETLINK, 0);
  address.writeUInt32LE(groups, 8);
  if (libcCalls.bind(fd, address, address.length) === 0) return fd;
  libcCalls.close(fd);
  return checked(`netlink events in ${netns.name}`, -1);
}

/** @param buffer consecutive attributes */
export function attributesOf(buffer: Buffer): Attributes {
  const all = split(buffer, (rest) => rest.readUInt16LE(0));
  return new Map(all.map((attribute) => [attribute.readUInt16LE(2) & 0x3fff, attribute]));
}

/** Messages and attributes alike begin with their length and are padded to four bytes. */
export function split(buffer: Buffer, lengthOf: (buffer: Buffer) => number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= buffer.length; ) {
    const length = Math.max(4, lengthOf(buffer.subarray(at)));
    parts.push(buffer.subarray(at, at + length));
    at += (length + 3) & ~3;
  }
  return parts;
}

export function message(type: number, flags: number, family: number, attributes: readonly Buffer[]): Buffer {
  const padded = attributes.flatMap((attribute) => [attribute, Buffer.alloc(-attribute.length & 3)]);
  const buffer = Buffer.concat([Buffer.alloc(HEADERS), ...padded]);
  buffer.writeUInt32LE(buffer.length, 0);
  buffer.writeUInt16LE(type, 4);
  buffer.writeUInt16LE(NLM_F_REQUEST | flags, 6);
  buffer.writeUInt8(family, 16);
  return buffer;
}

/** @throws KernelError */
export function send(fd: number, messages: readonly Buffer[]): void {
  const error = sendTo(fd, Buffer.concat(messages), null);
  if (error !== null) throw new KernelError({ command: 'send to netlink', stderr: error });
}

/** The messages of one datagram; null if none is waiting. @throws KernelError */
export function nextParts(fd: number): Buffer[] | null {
  const received = receive(fd);
  if ('data' in received) return split(received.data, (buffer) => buffer.readUInt32LE(0));
  if (received.error === 'EAGAIN') return null;
  throw new KernelError({ command: 'receive from netlink', stderr: received.error });
}

/** Why the kernel refuses a message, as an errno's name; null for a message of another kind. */
export function refusal(part: Buffer): string | null {
  return part.readUInt16LE(4) === NLMSG_ERROR ? errnoName(-part.readInt32LE(HEADER)) : null;
}

/**
 * Asks for a whole list.
 * @param what in words, for an error
 * @throws KernelError
 */
export function dump(fd: number, type: number, family: number, what: string): Buffer[] {
  send(fd, [message(type, NLM_F_DUMP, family, [])]);
  const found: Buffer[] = [];
  for (;;) {
    const parts = nextParts(fd);
    if (parts === null) throw new KernelError({ command: what, stderr: 'the list has no end' });
    for (const part of parts) {
      const error = refusal(part);
      if (error !== null) throw new KernelError({ command: what, stderr: error });
      if (part.readUInt16LE(4) === NLMSG_DONE) return found;
      found.push(part);
    }
  }
}
