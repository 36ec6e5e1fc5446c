/**
 * Ends a wait of libpcap on a silent link. It looks at the wish to stop only after a packet (libpcap 1.10, packet sockets that do
 * not block), so its socket is given one: on the loopback link, where nobody takes it.
 */
import fs from 'node:fs';
import { libcCalls } from './libc.js';

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

/** Opens something that makes one packet socket, of which its maker does not tell the descriptor. @returns null if it made none */
export function withPacketSocket<T>(open: () => T): { opened: T; fd: number | null } {
  const before = new Set(fs.readdirSync('/proc/self/fd'));
  const opened = open();
  const made = fs.readdirSync('/proc/self/fd').filter((name) => !before.has(name));
  return { opened, fd: made.map(Number).find(isPacketSocket) ?? null };
}

/** @param inject sends a frame through the socket @returns false where the namespace's loopback link is down */
export function wakeCapture(fd: number, inject: (frame: Buffer) => void): boolean {
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
