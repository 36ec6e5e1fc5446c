import { parsePacket } from '../../observe/packet.js';
import { ETHERNET_HEADER } from '../../observe/packet-report.js';
import type { PacketDirection } from './pcapng.js';
import type { CaptureTarget } from './types.js';

/**
 * Whether a machine sent a frame or received it: an instance also sends what is not from its address, and is known by its link
 * address; machines on the internet have that of their router, and are known by their addresses. (libpcap's own word for it,
 * `outbound`, is not true of the first packets of a capture: those it filters itself, without knowing.)
 */
export function directionOf({ macAddress, addresses }: CaptureTarget, frame: Buffer): PacketDirection {
  if (macAddress !== null) return frame.toString('hex', 6, 12) === macAddress.replaceAll(':', '') ? 'out' : 'in';
  const source = parsePacket(frame.subarray(ETHERNET_HEADER))?.source;
  return source !== undefined && addresses.includes(source) ? 'out' : 'in';
}
