/** Live captures with libpcap, opened inside a namespace. */

import fs from 'node:fs';
import pcap from 'pcap';
import { KernelError } from './errors.js';
import { libcCalls } from './libc.js';
import { inNetns, type Netns } from './netns.js';

// libpcap warns that an NFLOG group has no address; real faults are thrown.
pcap.warningHandler = () => {};

export interface Capture {
  /** libpcap's name of the link type, for example `LINKTYPE_ETHERNET`. */
  readonly linkType: string;
  /** Packets so far that arrived faster than they were read. */
  lost(): number;
  close(): void;
}

/** The time and length of a captured packet. */
export interface PacketTime {
  /** Microseconds since 1970, by the kernel's clock. */
  readonly time: number;
  /** Bytes on the link; not all of them need to have been captured. */
  readonly length: number;
}

export interface CaptureOptions {
  /** A pcap filter expression; if absent, every packet is captured. */
  readonly filter?: string;
  /** Bytes to capture of each packet. */
  readonly snaplen?: number;
}

/** @param onPacket gets the captured bytes; they are only valid during the call */
export function openCapture(
  netns: Netns,
  device: string,
  options: CaptureOptions,
  onPacket: (packet: Buffer, at: PacketTime) => void,
): Capture {
  try {
    const open = () =>
      inNetns(netns, () =>
        pcap.createSession(device, {
          filter: options.filter ?? '',
          snap_length: options.snaplen ?? 65_535,
          buffer_size: 2 * 1024 * 1024,
          buffer_timeout: 1,
          promiscuous: false,
        }),
      );
    const { opened: session, fd } = isLogGroup(device) ? { opened: open(), fd: null } : withPacketSocket(open);
    // 16 bytes of header: seconds, microseconds, captured length, length on the wire.
    session.on('packet', ({ buf, header }) => {
      const time = header.readUInt32LE(0) * 1_000_000 + header.readUInt32LE(4);
      onPacket(buf.subarray(0, header.readUInt32LE(8)), { time, length: header.readUInt32LE(12) });
    });
    return {
      linkType: String(session.link_type),
      lost: () => session.stats().ps_drop,
      close: () => closeSession(session, fd),
    };
  } catch (cause) {
    throw new KernelError({ command: `capture on ${device}`, namespace: netns.name, stderr: String(cause), cause });
  }
}

/** Whether libpcap reads the device through a netlink socket. */
function isLogGroup(device: string): boolean {
  return device.startsWith('nflog:');
}

interface NativeSession {
  /**
   * Reads the waiting packets.
   * @returns CLOSED when it found the session closed, and freed it
   */
  dispatch(buffer: Buffer, header: Buffer): number;
  read_callback: () => void;
}

const CLOSED = -2;

/**
 * Native halves of closed sessions, kept for the life of the process (some hundred bytes each): the package leaves a
 * handle in libuv's list that lies inside them, so their memory must never be reused.
 */
const closed: NativeSession[] = [];

/**
 * Closes a session and makes it free its descriptor. The package's `close` only asks libpcap to stop, and frees the
 * descriptor at the next read that notices. On a silent device that would be never, and the open descriptor would keep
 * the process from ending: so the next read is done here. An NFLOG group notices at once, a link after a packet.
 */
function closeSession(session: pcap.PcapSession, packetSocket: number | null): void {
  const {
    session: native,
    buf,
    header,
  } = session as unknown as { session: NativeSession; buf: Buffer; header: Buffer };
  const inject = (frame: Buffer) => session.inject(frame);
  session.close();
  closed.push(native);
  const retire = () => {
    // The package's own first read waits for the next tick: in a session that was just opened it would find no handle.
    native.dispatch = () => 0;
    native.read_callback = () => {};
  };
  const dispatch = native.dispatch.bind(native);
  const read = () => {
    const result = dispatch(buf, header);
    if (result === CLOSED) retire();
    return result;
  };
  if (read() === CLOSED) return;
  native.dispatch = read;
  if (packetSocket !== null) wakeCapture(packetSocket, inject);
}

const AF_PACKET = 17;
const ETH_P_ALL = 3;
const SOL_SOCKET = 1;
const SO_DETACH_FILTER = 27;
const SO_DOMAIN = 39;
/** The first link of every namespace (kernel: LOOPBACK_IFINDEX). */
const LOOPBACK = 1;
/** struct sockaddr_ll */
const ADDRESS_LENGTH = 20;
/** IEEE's ether type for local experiments; both addresses are loopback's own. */
const FRAME = Buffer.alloc(60);
FRAME.writeUInt16BE(0x88b5, 12);

/**
 * Calls a function that opens one packet socket without returning its descriptor.
 * @returns `fd`: null if it opened none
 */
function withPacketSocket<T>(open: () => T): { opened: T; fd: number | null } {
  const before = new Set(fs.readdirSync('/proc/self/fd'));
  const opened = open();
  const made = fs.readdirSync('/proc/self/fd').filter((name) => !before.has(name));
  return { opened, fd: made.map(Number).find(isPacketSocket) ?? null };
}

/**
 * @param inject sends a frame through the socket
 * @returns false if the namespace's loopback link is down
 */
function wakeCapture(fd: number, inject: (frame: Buffer) => void): boolean {
  const address = Buffer.alloc(ADDRESS_LENGTH);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  address.writeInt32LE(LOOPBACK, 4);
  libcCalls.setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, Buffer.alloc(4), 4);
  if (libcCalls.bind(fd, address, address.length) !== 0) return false;
  try {
    inject(FRAME);
    return true;
  } catch {
    return false;
  }
}

function isPacketSocket(fd: number): boolean {
  const domain = Buffer.alloc(4);
  return libcCalls.getsockopt(fd, SOL_SOCKET, SO_DOMAIN, domain, [4]) === 0 && domain.readInt32LE() === AF_PACKET;
}
