/** Live captures with libpcap, opened inside a namespace. */
import pcap from 'pcap';
import { KernelError } from './errors.js';
import { inNetns, type Netns } from './netns.js';

// libpcap asks every device for its address and warns that an NFLOG group has none; real faults are thrown.
pcap.warningHandler = () => {};

export interface Capture {
  /** libpcap's name of the link type, for example `LINKTYPE_ETHERNET`. */
  readonly linkType: string;
  close(): void;
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
  onPacket: (packet: Buffer) => void,
): Capture {
  try {
    const session = inNetns(netns, () =>
      pcap.createSession(device, {
        filter: options.filter ?? '',
        snap_length: options.snaplen ?? 65_535,
        buffer_size: 2 * 1024 * 1024,
        buffer_timeout: 1,
        promiscuous: false,
      }),
    );
    // 16 bytes of header: seconds, microseconds, captured length, length on the wire.
    session.on('packet', ({ buf, header }) => onPacket(buf.subarray(0, header.readUInt32LE(8))));
    return { linkType: String(session.link_type), close: () => closeSession(session) };
  } catch (cause) {
    throw new KernelError({ command: `capture on ${device}`, namespace: netns.name, stderr: String(cause), cause });
  }
}

interface NativeSession {
  dispatch(buffer: Buffer, header: Buffer): number;
  read_callback: () => void;
}

/**
 * Native halves of closed sessions, kept for the life of the process (some hundred bytes each): the package leaves a handle
 * in libuv's list that lies inside of them, so their memory must never be used for anything else.
 */
const closed: NativeSession[] = [];

/**
 * The package's `close` only asks libpcap to stop, and frees the descriptor at the next packet. On a silent device that
 * would be never, and the open descriptor would keep the process from ending: so the next read is done here.
 */
function closeSession(session: pcap.PcapSession): void {
  const {
    session: native,
    buf,
    header,
  } = session as unknown as { session: NativeSession; buf: Buffer; header: Buffer };
  session.close();
  native.dispatch(buf, header);
  // The package's own first read waits for the next tick: in a session that was just opened it would find no handle.
  native.dispatch = () => 0;
  native.read_callback = () => {};
  closed.push(native);
}
