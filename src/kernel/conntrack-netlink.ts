/** Connection tracking over netlink: thousands of entries in one system call each way, and no process. */
import { KernelError } from './errors.js';
import {
  type Attributes,
  attributesOf,
  dump,
  HEADERS,
  message,
  NETLINK,
  nextParts,
  openNetlink,
  refusal,
  send,
} from './netlink.js';
import type { Netns } from './netns.js';

/** nfnetlink's subsystem 1 is connection tracking. */
const NEW = 0x100;
const GET = 0x101;
const DELETE = 0x102;
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
  return dump(fd, GET, 0, 'list connections').map((part) => {
    return { family: part.readUInt8(16), attributes: attributesOf(part.subarray(HEADERS)) };
  });
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

function refuse(command: string, part: Buffer): void {
  const error = refusal(part) ?? 'an unknown message';
  if (error !== 'ENOENT') throw new KernelError({ command, stderr: error });
}
