/** Captured packets, one a line, with the verdicts of cards and routers on them. */
import { PROTOCOL } from '../../cloud/protocol.js';
import { type Packet, parsePacket } from '../../observe/packet.js';
import { ETHERNET_HEADER } from '../../observe/packet-report.js';
import type { SeenPacket } from '../../records/capture/types.js';
import { endText, icmpText, protocolText } from '../../verdict/phrases.js';
import { PLAIN, type Style } from './style.js';

export interface FrameText {
  /** `203.0.113.7:40000`; for ARP, the sender's address (`source`) and the address it asks for (`destination`). */
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  /** TCP's flags, the operation of an ARP packet, or what an ICMP message says: of an error, the MTU and the packet that it is about. */
  readonly flags: string;
}

const ETHER_TYPE_AT = 12;
const ETHER_TYPE = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;
const TCP_FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const;
const TCP_FLAGS_AT = 13;
/** @param frame from the Ethernet header on, possibly cut */
export function describeFrame(frame: Buffer): FrameText {
  const type = frame.length < ETHERNET_HEADER ? 0 : frame.readUInt16BE(ETHER_TYPE_AT);
  const data = frame.subarray(ETHERNET_HEADER);
  if (type === ETHER_TYPE.arp && data.length >= 28) return arpText(data);
  const packet = type === ETHER_TYPE.ipv4 || type === ETHER_TYPE.ipv6 ? parsePacket(data) : null;
  if (packet === null) return { source: '?', destination: '?', protocol: `ether 0x${type.toString(16)}`, flags: '' };
  return {
    source: endText(packet.protocol, packet.source, packet.sourcePort),
    destination: endText(packet.protocol, packet.destination, packet.destinationPort),
    protocol: protocolText(packet.protocol),
    flags: flagsOf(packet, data),
  };
}

/** Formats `12:00:00.123456  web-1.eth0  in  …`, and below it, one a line, the verdicts on the packet. */
export function formatPacket(packet: SeenPacket, nameWidth: number, style: Style = PLAIN): string {
  const { source, destination, protocol, flags } = describeFrame(packet.frame);
  const head = `${clock(packet.time)}  ${packet.interface.padEnd(nameWidth)}  ${packet.direction.padEnd(3)}`;
  const what = [protocol, flags, `${packet.length} bytes`].filter((word) => word !== '').join(' ');
  const comments = packet.comments.map((comment) => {
    const paint = comment.includes(': dropped at ') ? style.red : style.green;
    return `    ${paint(comment)}\n`;
  });
  return `${style.dim(head)}  ${source} > ${destination}  ${what}\n${comments.join('')}`;
}

/** The time of day, to the microsecond, in the user's time zone. */
function clock(time: number): string {
  const at = new Date(Math.floor(time / 1000));
  const [hours, minutes, seconds] = [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) =>
    `${n}`.padStart(2, '0'),
  );
  return `${hours}:${minutes}:${seconds}.${`${time % 1_000_000}`.padStart(6, '0')}`;
}

function flagsOf(packet: Packet, data: Buffer): string {
  if (packet.protocol === PROTOCOL.tcp) return tcpFlags(packet, data);
  return packet.icmp === null ? '' : icmpText(packet.protocol, packet.icmp);
}

function tcpFlags({ family }: Packet, data: Buffer): string {
  const start = family === 'ipv4' ? (data.readUInt8(0) & 0xf) * 4 : 40;
  const bits = data[start + TCP_FLAGS_AT] ?? 0;
  return TCP_FLAGS.filter((_, bit) => (bits & (1 << bit)) !== 0).join(',');
}

function arpText(data: Buffer): FrameText {
  const address = (at: number) => [...data.subarray(at, at + 4)].join('.');
  const flags = data.readUInt16BE(6) === 1 ? 'who has' : 'is at';
  return { source: address(14), destination: address(24), protocol: 'arp', flags };
}
