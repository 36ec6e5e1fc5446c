/**
 * TCP and UDP sockets in any namespace, without a process and without Node's own socket objects: a connection costs a
 * handful of system calls. All of them are non-blocking; readiness comes from `Epoll`.
 */
import { KernelError } from './errors.js';
import { checked, errno, errnoName, libcCalls } from './libc.js';
import { inNetns, type Netns } from './netns.js';
import { AF_INET, AF_INET6, portOf, sockaddr } from './sockaddr.js';

const SOCK = { stream: 1, dgram: 2, raw: 3 } as const;
const NONBLOCK_CLOEXEC = 0x8_0800;
const SOL_SOCKET = 1;
const SO = { reuseAddress: 2, error: 4, linger: 13 } as const;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const IPPROTO_IP = 0;
const RECVERR = { ipv4: 11, ipv6: 25 } as const;
const ONE = int32(1);

export type SocketFamily = 'ipv4' | 'ipv6';

/** @param protocol of a raw socket; 0: the usual one of its kind */
export function openSocket(netns: Netns, kind: keyof typeof SOCK, family: SocketFamily, protocol = 0): number {
  const domain = family === 'ipv4' ? AF_INET : AF_INET6;
  const fd = inNetns(netns, () => libcCalls.socket(domain, SOCK[kind] | NONBLOCK_CLOEXEC, protocol));
  return checked(`socket in ${netns.name}`, fd);
}

/**
 * Opens a socket for packets to this address of a protocol without ports, and for answers from it. Over IPv4 it
 * receives them with their IP header (raw(7)), over IPv6 without.
 */
export function openBoundRaw(netns: Netns, address: string, protocol: number): number {
  const fd = openSocket(netns, 'raw', address.includes(':') ? 'ipv6' : 'ipv4', protocol);
  const error = bindSocket(fd, address, 0);
  if (error === null) return fd;
  closeSocket(fd);
  throw new KernelError({ command: `bind ${address}`, namespace: netns.name, stderr: error });
}

/** @returns null, or the errno's name (`EADDRINUSE`, `EADDRNOTAVAIL`) */
export function bindSocket(fd: number, address: string, port: number): string | null {
  const name = sockaddr(address, port);
  return libcCalls.bind(fd, name, name.length) === 0 ? null : errno();
}

/**
 * Starts a connection, or returns the state of one: the same call does both.
 * @returns `connected`, `EINPROGRESS`/`EALREADY` while it is under way, or the errno's name of its failure
 */
export function connectSocket(fd: number, address: Buffer): string {
  if (libcCalls.connect(fd, address, address.length) === 0) return 'connected';
  const name = errno();
  return name === 'EISCONN' ? 'connected' : name;
}

const EVERY_ADDRESS = { ipv4: '0.0.0.0', ipv6: '::' } as const;

/** Opens a listening TCP socket on every address of the namespace, of one family. */
export function listenTcp(netns: Netns, family: SocketFamily, port: number): number {
  const fd = bound(netns, 'stream', family, sockaddr(EVERY_ADDRESS[family], port));
  try {
    checked('listen', libcCalls.listen(fd, 4096));
    return fd;
  } catch (error) {
    closeSocket(fd);
    throw error;
  }
}

/** @param address the only local address to receive for; answers then leave from it */
export function listenUdp(
  netns: Netns,
  family: SocketFamily,
  port: number,
  address: string = EVERY_ADDRESS[family],
): number {
  return bound(netns, 'dgram', family, sockaddr(address, port));
}

/** @param name the address and port to bind, as a socket address */
function bound(netns: Netns, kind: keyof typeof SOCK, family: SocketFamily, name: Buffer): number {
  const fd = openSocket(netns, kind, family);
  try {
    setOption(fd, SOL_SOCKET, SO.reuseAddress, ONE);
    if (family === 'ipv6') setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, ONE);
    checked(`bind port ${portOf(name)} in ${netns.name}`, libcCalls.bind(fd, name, name.length));
    return fd;
  } catch (error) {
    closeSocket(fd);
    throw error;
  }
}

/** @returns the next connection, or null if none is waiting */
export function acceptSocket(fd: number): number | null {
  const accepted = libcCalls.accept4(fd, null, null, NONBLOCK_CLOEXEC);
  return accepted < 0 ? null : accepted;
}

/** Makes closing send a RST instead of a FIN: neither side keeps a TIME_WAIT. */
export function resetOnClose(fd: number): void {
  setOption(fd, SOL_SOCKET, SO.linger, Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]));
}

/** Makes ICMP errors for an unconnected or connected datagram socket appear as errors of its calls. */
export function reportErrors(fd: number, family: SocketFamily): void {
  const level = family === 'ipv4' ? IPPROTO_IP : IPPROTO_IPV6;
  setOption(fd, level, RECVERR[family], ONE);
}

/** The name of a socket's pending error, which is cleared; null if there is none. */
export function takeSocketError(fd: number): string | null {
  const value = Buffer.alloc(4);
  checked('getsockopt', libcCalls.getsockopt(fd, SOL_SOCKET, SO.error, value, [4]));
  const code = value.readInt32LE();
  return code === 0 ? null : errnoName(code);
}

export type Received = { readonly data: Buffer; readonly from: Buffer } | { readonly error: string };

const receiveBuffer = Buffer.alloc(65_536);
const senderBuffer = Buffer.alloc(28);

/**
 * Reads one datagram or a piece of a stream; `{error: 'EAGAIN'}` if nothing is waiting, empty data at a stream's end.
 */
export function receive(fd: number): Received {
  const length: [number] = [senderBuffer.length];
  const count = libcCalls.recvfrom(fd, receiveBuffer, receiveBuffer.length, 0, senderBuffer, length);
  if (count < 0) return { error: errno() };
  return {
    data: Buffer.from(receiveBuffer.subarray(0, count)),
    from: Buffer.from(senderBuffer.subarray(0, length[0])),
  };
}

const MSG_NOSIGNAL = 0x4000;

/** @returns null, or the errno's name */
export function sendTo(fd: number, data: Buffer, address: Buffer | null): string | null {
  const sent = libcCalls.sendto(fd, data, data.length, MSG_NOSIGNAL, address, address?.length ?? 0);
  return sent < 0 ? errno() : null;
}

export function closeSocket(fd: number): void {
  libcCalls.close(fd);
}

function setOption(fd: number, level: number, option: number, value: Buffer): void {
  checked('setsockopt', libcCalls.setsockopt(fd, level, option, value, value.length));
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
}
