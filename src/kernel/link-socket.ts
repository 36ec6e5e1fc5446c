/** Sends IP packets that were built byte for byte through one link of a namespace, past its routes and its filters. */
import { checked, libcCalls } from './libc.js';
import { inNetns, type Netns } from './netns.js';

const AF_PACKET = 17;
const SOCK_DGRAM_CLOEXEC = 0x8_0002;
const ETHERTYPE = { ipv4: 0x0800, ipv6: 0x86dd } as const;
const SIOCGIFINDEX = 0x8933;
/** struct ifreq: 16 bytes of name, then the index. */
const IFREQ_SIZE = 40;
const INDEX_OFFSET = 16;

export interface LinkSend {
  /** The link's name in the namespace. */
  readonly link: string;
  /** The next hop's MAC address. */
  readonly macAddress: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly packets: readonly Buffer[];
}

/** @throws KernelError if there is no such link, or it does not take the packets */
export function sendThroughLink(netns: Netns, { link, macAddress, family, packets }: LinkSend): void {
  const fd = checked(
    `packet socket in ${netns.name}`,
    inNetns(netns, () => libcCalls.socket(AF_PACKET, SOCK_DGRAM_CLOEXEC, 0)),
  );
  try {
    const address = linkAddress(linkIndex(fd, link), macAddress, ETHERTYPE[family]);
    for (const packet of packets) {
      const sent = libcCalls.sendto(fd, packet, packet.length, 0, address, address.length);
      checked(`send ${packet.length} bytes through ${link} of ${netns.name}`, sent);
    }
  } finally {
    libcCalls.close(fd);
  }
}

function linkIndex(fd: number, link: string): number {
  const request = Buffer.alloc(IFREQ_SIZE);
  request.write(link, 'latin1');
  checked(`index of link ${link}`, libcCalls.ioctl(fd, SIOCGIFINDEX, request));
  return request.readInt32LE(INDEX_OFFSET);
}

/** struct sockaddr_ll */
function linkAddress(index: number, macAddress: string, etherType: number): Buffer {
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(etherType, 2);
  address.writeInt32LE(index, 4);
  address.writeUInt8(6, 11);
  address.write(macAddress.replaceAll(':', ''), 12, 'hex');
  return address;
}
