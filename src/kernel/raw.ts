/** Raw IP sockets in any namespace, with the npm package `raw-socket`. */
import raw from 'raw-socket';
import { KernelError } from './errors.js';
import { inNetns, type Netns } from './netns.js';

const SOL_SOCKET = 1;
const SO_BINDTODEVICE = 25;
const IPPROTO_IP = 0;
const IP_HDRINCL = 3;

/** Where a raw socket sends from. */
export interface RawOrigin {
  readonly netns: Netns;
  readonly family: 'ipv4' | 'ipv6';
  /** Send through this link and from its address; null: as the routes say. */
  readonly device: string | null;
}

export interface RawSocket {
  /**
   * @param source an address of the machine; null, and always over IPv6: the one that the kernel chooses
   * @throws KernelError when the kernel refuses the packet
   */
  send(payload: Buffer, source: string | null, destination: string): Promise<void>;
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
  // ICMP errors for what was sent appear here as well as in the messages; the messages say more.
  socket.on('error', () => {});
  socket.on('message', onMessage);
  return {
    send: (payload, source, destination) =>
      new Promise((resolve, reject) => {
        const packet =
          family === 'ipv4'
            ? Buffer.concat([ipv4Header(protocol, source ?? '0.0.0.0', destination), payload])
            : payload;
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

/** Length, identification, checksum, and a source of zeros are the kernel's to fill in (raw(7)). */
function ipv4Header(protocol: number, source: string, destination: string): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt8(64, 8);
  header.writeUInt8(protocol, 9);
  header.set(source.split('.').map(Number), 12);
  header.set(destination.split('.').map(Number), 16);
  return header;
}

/** The internet checksum (RFC 1071) of a message whose checksum field is zero. */
export function internetChecksum(message: Buffer): number {
  return raw.createChecksum(message);
}
