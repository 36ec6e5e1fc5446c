/**
 * Undoes what is pending in a TCP connection whose ends are both sglab's: bytes that were sent and never arrived, and
 * acknowledgements that never came. Both sockets are made again in the state that the other one really has (TCP_REPAIR,
 * as checkpoint and restore of containers do), so that no retransmission comes at an unexpected time. No packet is
 * sent.
 */
import { checked, libcCalls } from './libc.js';
import type { Netns } from './netns.js';
import { closeSocket, openSocket, type SocketFamily } from './sockets.js';

const IPPROTO_TCP = 6;
const TCP = { quickAck: 12, repair: 19, repairQueue: 20, queueSequence: 21, repairWindow: 29 } as const;
const REPAIR = { on: 1, offWithoutProbe: -1 } as const;
const QUEUE = { receive: 1, send: 2 } as const;
const SIOCOUTQ = 0x5411;
const SOCKADDR_MAX = 28;

/** The largest window without window scaling, which a restored connection does not have. */
const WINDOW = 65_535;

/**
 * Two ends whose sequence numbers differ by more than this do not belong to one connection: there is a proxy between
 * them.
 */
const MAX_SEQUENCE_GAP = 1 << 20;

export interface TcpEnd {
  readonly netns: Netns;
  readonly fd: number;
}

/** Bytes that the peer has not acknowledged yet. */
export function unacknowledged(fd: number): number {
  const count = Buffer.alloc(4);
  return libcCalls.ioctl(fd, SIOCOUTQ, count) === 0 ? count.readInt32LE() : 0;
}

/** Sends an acknowledgement that the kernel has delayed. */
export function acknowledgeNow(fd: number): void {
  libcCalls.setsockopt(fd, IPPROTO_TCP, TCP.quickAck, int32(1), 4);
}

/**
 * Returns the descriptors that replace those of the two ends, which are closed; null, with nothing changed, if they are
 * not the two ends of one connection or it has ended.
 */
export function restoreConnection(a: TcpEnd, b: TcpEnd, family: SocketFamily): { a: number; b: number } | null {
  const states = [freeze(a.fd), freeze(b.fd)] as const;
  const [atA, atB] = states;
  if (atA === null || atB === null || !areOne(atA, atB) || !areOne(atB, atA)) {
    if (atA !== null) setInt(a.fd, TCP.repair, REPAIR.offWithoutProbe);
    if (atB !== null) setInt(b.fd, TCP.repair, REPAIR.offWithoutProbe);
    return null;
  }
  closeSocket(a.fd);
  closeSocket(b.fd);
  return {
    a: thaw(a.netns, family, { ...atA, sent: atB.received }),
    b: thaw(b.netns, family, { ...atB, sent: atA.received }),
  };
}

interface Frozen {
  readonly local: Buffer;
  readonly remote: Buffer;
  /** Sequence numbers of the next byte in each direction. */
  readonly sent: number;
  readonly received: number;
}

/** The result is null if the connection has ended. */
function freeze(fd: number): Frozen | null {
  const local = nameOf(fd, libcCalls.getsockname);
  const remote = nameOf(fd, libcCalls.getpeername);
  if (local === null || remote === null) return null;
  if (libcCalls.setsockopt(fd, IPPROTO_TCP, TCP.repair, int32(REPAIR.on), 4) < 0) return null;
  return { local, remote, sent: sequence(fd, QUEUE.send), received: sequence(fd, QUEUE.receive) };
}

function thaw(netns: Netns, family: SocketFamily, { local, remote, sent, received }: Frozen): number {
  const fd = openSocket(netns, 'stream', family);
  setInt(fd, TCP.repair, REPAIR.on);
  checked('bind', libcCalls.bind(fd, local, local.length));
  for (const [queue, value] of [
    [QUEUE.send, sent],
    [QUEUE.receive, received],
  ] as const) {
    setInt(fd, TCP.repairQueue, queue);
    setInt(fd, TCP.queueSequence, value | 0);
  }
  checked('connect', libcCalls.connect(fd, remote, remote.length));
  const window = Buffer.alloc(20); // struct tcp_repair_window: snd_wl1, snd_wnd, max_window, rcv_wnd, rcv_wup
  [received, WINDOW, WINDOW, WINDOW, received].forEach((value, at) => {
    window.writeUInt32LE(value, at * 4);
  });
  checked('setsockopt', libcCalls.setsockopt(fd, IPPROTO_TCP, TCP.repairWindow, window, window.length));
  setInt(fd, TCP.repair, REPAIR.offWithoutProbe);
  return fd;
}

function areOne(sender: Frozen, receiver: Frozen): boolean {
  const underway = (sender.sent - receiver.received) | 0;
  return underway >= 0 && underway < MAX_SEQUENCE_GAP;
}

function sequence(fd: number, queue: number): number {
  setInt(fd, TCP.repairQueue, queue);
  const value = Buffer.alloc(4);
  checked('getsockopt', libcCalls.getsockopt(fd, IPPROTO_TCP, TCP.queueSequence, value, [4]));
  return value.readUInt32LE();
}

function nameOf(fd: number, call: typeof libcCalls.getsockname): Buffer | null {
  const name = Buffer.alloc(SOCKADDR_MAX);
  const length: [number] = [SOCKADDR_MAX];
  return call(fd, name, length) < 0 ? null : name.subarray(0, length[0]);
}

function setInt(fd: number, option: number, value: number): void {
  checked(`setsockopt ${option}`, libcCalls.setsockopt(fd, IPPROTO_TCP, option, int32(value), 4));
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
}
