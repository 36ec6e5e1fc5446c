/** Live captures with libpcap, opened inside a namespace. */
import pcap from 'pcap';
import { KernelError } from './errors.js';
import { inNetns, type Netns } from './netns.js';
import { wakeCapture, withPacketSocket } from './wake-capture.js';

// libpcap asks every device for its address and warns that an NFLOG group has none; real faults are thrown.
pcap.warningHandler = () => {};

export interface Capture {
  /** libpcap's name of the link type, for example `LINKTYPE_ETHERNET`. */
  readonly linkType: string;
  /** Packets that came faster than they were read, until now. */
  lost(): number;
  close(): void;
}

/** When a packet was seen, and how long it was. */
export interface PacketTime {
  /** Microseconds since 1970, by the kernel's clock. */
  readonly time: number;
  /** Bytes on the link; not all of them need to have been kept. */
  readonly length: number;
}

export interface CaptureOptions {
  /** A pcap filter expression; everything without it. */
  readonly filter?: string;
  /** Bytes kept of each packet. */
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

/** libpcap reads it through a netlink socket. */
function isLogGroup(device: string): boolean {
  return device.startsWith('nflog:');
}

interface NativeSession {
  /** Reads what is there. @returns CLOSED when it found the session closed, and freed it */
  dispatch(buffer: Buffer, header: Buffer): number;
  read_callback: () => void;
}

const CLOSED = -2;

/**
 * Native halves of closed sessions, kept for the life of the process (some hundred bytes each): the package leaves a handle
 * in libuv's list that lies inside of them, so their memory must never be used for anything else.
 */
const closed: NativeSession[] = [];

/**
 * The package's `close` only asks libpcap to stop, and frees the descriptor at the next read that notices. On a silent device
 * that would be never, and the open descriptor would keep the process from ending: so the next read is done here. An NFLOG
 * group notices at once, a link after a packet.
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
