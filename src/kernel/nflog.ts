/** Packets that a ruleset logs with `log group N`: the kernel's reports of what it dropped or let in, and why. */
import fs from 'node:fs';
import { type Capture, openCapture } from './capture.js';
import { libcCalls } from './libc.js';
import type { Netns } from './netns.js';

export interface LogRecord {
  /** The `prefix` of the log statement. */
  readonly prefix: string;
  /** The packet's mark at the log statement; 0 when it had none. */
  readonly mark: number;
  /** The packet from its IP header on, as much as the statement's snaplen kept. Only valid during the call. */
  readonly packet: Buffer;
  /** The link-layer header of the packet; empty if it had none. Only valid during the call. */
  readonly linkHeader: Buffer;
  /** Microseconds since 1970, when the kernel saw it; null if the kernel does not say. */
  readonly time: number | null;
}

/** The largest possible record: the ruleset's snaplen and its attributes are far smaller. */
const SNAPLEN = 1024;

/**
 * Reads one NFLOG group of a namespace. The kernel admits one reader per group and namespace: a second gets EPERM.
 * @param onLost told when records came faster than they were read and some are lost, before those that were still in the queue
 */
export function openLog(
  netns: Netns,
  group: number,
  onRecord: (record: LogRecord) => void,
  onLost = () => {},
): { close(): void } {
  let capture: Capture;
  let renewal: NodeJS.Immediate | null = null;
  const open = () =>
    openForUs(() =>
      openCapture(netns, `nflog:${group}`, { snaplen: SNAPLEN }, (frame) => {
        if (renewal === null && capture.lost() > 0) {
          onLost();
          renewal = setImmediate(renew);
        }
        onRecord(parseLogFrame(frame));
      }),
    );
  // libuv watches a socket no more once it had an error (ENOBUFS), so this one would be deaf for ever.
  const renew = () => {
    capture.close();
    capture = open();
    renewal = null;
  };
  capture = open();
  return {
    close: () => {
      if (renewal !== null) clearImmediate(renewal);
      capture.close();
    },
  };
}

const FIOCLEX = 0x5451;

/**
 * Keeps the socket that libpcap opens from the programs that this process starts: they would hold the group after it is closed here. It
 * gets the lowest free descriptor; should another thread be quicker, that one's file is closed in programs as all of Node's are.
 */
function openForUs(open: () => Capture): Capture {
  const next = fs.openSync('/dev/null', 'r');
  fs.closeSync(next);
  const capture = open();
  libcCalls.ioctl(next, FIOCLEX, Buffer.alloc(4));
  return capture;
}

const ATTRIBUTE = { mark: 2, timestamp: 3, payload: 9, prefix: 10, linkHeader: 16 } as const;
const HEADER_LENGTH = 4;

/**
 * Parses LINKTYPE_NFLOG: family, version, group, then attributes of `length, type, value`, padded to four bytes.
 * Lengths are in the host's order (little-endian on every machine that sglab runs on), values in the network's.
 */
export function parseLogFrame(frame: Buffer): LogRecord {
  let prefix = '';
  let mark = 0;
  let packet = frame.subarray(0, 0);
  let linkHeader = packet;
  let time: number | null = null;
  for (let at = HEADER_LENGTH; at + 4 <= frame.length; ) {
    const length = frame.readUInt16LE(at);
    const value = frame.subarray(at + 4, at + length);
    const type = frame.readUInt16LE(at + 2) & 0x7fff;
    if (type === ATTRIBUTE.prefix) prefix = value.toString('latin1').replace(/\0.*$/s, '').trim();
    else if (type === ATTRIBUTE.mark && value.length >= 4) mark = value.readUInt32BE();
    else if (type === ATTRIBUTE.payload) packet = value;
    else if (type === ATTRIBUTE.linkHeader) linkHeader = value;
    else if (type === ATTRIBUTE.timestamp && value.length >= 16) time = microseconds(value);
    at += Math.max(4, (length + 3) & ~3);
  }
  return { prefix, mark, packet, linkHeader, time };
}

/** Converts seconds and microseconds, 64 bits each. */
function microseconds(value: Buffer): number {
  return Number(value.readBigUInt64BE(0)) * 1_000_000 + Number(value.readBigUInt64BE(8));
}
