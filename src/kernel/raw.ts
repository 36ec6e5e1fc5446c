/** Raw IP sockets in any namespace, with the npm package `raw-socket`. */
import raw from 'raw-socket';
import { KernelError } from './errors.js';
import { inNetns, type Netns } from './netns.js';
import { sockaddr } from './sockaddr.js';

const SOL_SOCKET = 1;
const SO_BINDTODEVICE = 25;
const IPPROTO_IP = 0;
const IP_HDRINCL = 3;
const IPPROTO_IPV6 = 41;
const IPV6_HDRINCL = 36;
const IPPROTO_ICMPV6 = 58;

/** The origin from which a raw socket sends. */
export interface RawOrigin {
  readonly netns: Netns;
  readonly family: 'ipv4' | 'ipv6';
  /** The link to send through, and from its address; null: as the routes decide. */
  readonly device: string | null;
}

export interface RawSocket {
  /**
   * @param source an address of the machine
   * @throws KernelError when the kernel refuses the packet
   */
  send(payload: Buffer, source: string, destination: string): Promise<void>;
  close(): void;
}

/** @param onMessage IPv4: the packet from its IP header on; IPv6: the payload alone, as the kernel delivers them */
export function openRawSocket(
  { netns, family, device }: RawOrigin,
  protocol: number,
  onMessage: (message: Buffer, source: string) => void,
): RawSocket {
  const addressFamily = family === 'ipv4' ? raw.AddressFamily.IPv4 : raw.AddressFamily.IPv6;
  const socket = inNetns(netns, () => createSocket(protocol, addressFamily, netns));
  if (device !== null) socket.setOption(SOL_SOCKET, SO_BINDTODEVICE, Buffer.from(`${device}\0`), device.length + 1);
  // The package cannot bind a socket to an address, but it can send packets with their header written here.
  if (family === 'ipv4') socket.setOption(IPPROTO_IP, IP_HDRINCL, 1);
  else socket.setOption(IPPROTO_IPV6, IPV6_HDRINCL, 1);
  const packetOf = family === 'ipv4' ? ipv4Packet : ipv6Packet;
  // ICMP errors for sent packets appear here as well as in the messages, where they are more detailed.
  socket.on('error', () => {});
  socket.on('message', onMessage);
  return {
    send: (payload, source, destination) =>
      new Promise((resolve, reject) => {
        const packet = packetOf(protocol, source, destination, payload);
        socket.send(packet, 0, packet.length, destination, (cause) => {
          const command = `send protocol ${protocol} to ${destination}`;
          if (cause) reject(new KernelError({ command, namespace: netns.name, stderr: cause.message, cause }));
          else resolve();
        });
      }),
    close: () => {
      socket.close();
    },
  };
}

function createSocket(protocol: number, addressFamily: number, netns: Netns): raw.Socket {
  try {
    return raw.createSocket({ protocol, addressFamily, bufferSize: 65_535 });
  } catch (cause) {
    throw new KernelError({
      command: `raw socket of protocol ${protocol}`,
      namespace: netns.name,
      stderr: String(cause),
      cause,
    });
  }
}

/** The kernel fills in the header's length, identification and checksum (raw(7)). */
function ipv4Packet(protocol: number, source: string, destination: string, payload: Buffer): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt8(64, 8);
  header.writeUInt8(protocol, 9);
  header.set(source.split('.').map(Number), 12);
  header.set(destination.split('.').map(Number), 16);
  return Buffer.concat([header, payload]);
}

/** The kernel fills in nothing; the checksum of an ICMPv6 message covers the addresses, too (RFC 4443). */
function ipv6Packet(protocol: number, source: string, destination: string, payload: Buffer): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(payload.length, 4);
  header.writeUInt8(protocol, 6);
  header.writeUInt8(64, 7);
  header.set(ipv6Bytes(source), 8);
  header.set(ipv6Bytes(destination), 24);
  const packet = Buffer.concat([header, payload]);
  if (protocol === IPPROTO_ICMPV6) {
    const lengthAndProtocol = Buffer.alloc(8);
    lengthAndProtocol.writeUInt32BE(payload.length, 0);
    lengthAndProtocol.writeUInt8(protocol, 7);
    const sum = internetChecksum(Buffer.concat([header.subarray(8), lengthAndProtocol, payload]));
    packet.writeUInt16BE(sum, header.length + 2);
  }
  return packet;
}

function ipv6Bytes(address: string): Buffer {
  return sockaddr(address, 0).subarray(8, 24);
}

/** The internet checksum (RFC 1071) of a message whose checksum field is zero. */
export function internetChecksum(message: Buffer): number {
  return raw.createChecksum(message);
}
