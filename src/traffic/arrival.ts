/** Watches a machine's link for one packet, by what it carries, until it is there whole. */
import { openCapture } from '../kernel/capture.js';
import type { Netns } from '../kernel/netns.js';

const ETHERNET_HEADER = 14;

export interface Arrival {
  /** Bytes of the packet's payload that have come, whatever their order; those of every fragment carry the token. */
  readonly bytes: number;
  close(): void;
}

/**
 * @param token stands in every 16 bytes of the content
 * @param length bytes behind the IP header, in all fragments together
 */
export function watchArrival(netns: Netns, link: string, token: Buffer, length: number, onWhole: () => void): Arrival {
  const starts = new Set<number>();
  let bytes = 0;
  const capture = openCapture(netns, link, {}, (frame) => {
    const part = readPart(frame.subarray(ETHERNET_HEADER));
    if (part === null || starts.has(part.offset) || !part.payload.includes(token)) return;
    starts.add(part.offset);
    bytes += part.payload.length;
    if (bytes >= length) onWhole();
  });
  return {
    get bytes() {
      return bytes;
    },
    close: () => capture.close(),
  };
}

/** What a packet or fragment carries, and where in the whole that belongs; null for what is no IP packet. */
function readPart(packet: Buffer): { offset: number; payload: Buffer } | null {
  const version = (packet[0] ?? 0) >> 4;
  if (version === 4 && packet.length >= 20) {
    const header = (packet.readUInt8(0) & 0xf) * 4;
    const end = packet.readUInt16BE(2);
    return { offset: (packet.readUInt16BE(6) & 0x1fff) * 8, payload: packet.subarray(header, end) };
  }
  if (version !== 6 || packet.length < 48) return null;
  const end = 40 + packet.readUInt16BE(4);
  if (packet.readUInt8(6) !== 44) return { offset: 0, payload: packet.subarray(40, end) };
  return { offset: packet.readUInt16BE(42) & 0xfff8, payload: packet.subarray(48, end) };
}
