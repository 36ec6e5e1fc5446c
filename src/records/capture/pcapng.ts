/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian: what comes first, one for each interface, one for each packet.
 * Pure; a file is any number of them one after the other. npm has readers of the format, but no kept library that writes comments.
 */

/** `link` frames have an Ethernet header. */
const LINKTYPE_ETHERNET = 1;
const BLOCK = { section: 0x0a0d_0d0a, interface: 1, packet: 6 } as const;
const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
const VERSION = [1, 0] as const;
const UNKNOWN_LENGTH = 0xffff_ffff_ffff_ffffn;
const OPTION = {
  end: 0,
  comment: 1,
  interfaceName: 2,
  interfaceDescription: 3,
  packetFlags: 2,
  application: 4,
} as const;
const TIME_RESOLUTION = 9;
const INTERFACE_FILTER = 11;
/** An option's length has 16 bits. */
const MAX_OPTION_LENGTH = 0xffff;
const DIRECTION_FLAG = { in: 1, out: 2 } as const;

export type PacketDirection = keyof typeof DIRECTION_FLAG;

export interface InterfaceDescription {
  /** `web-1.eth0` */
  readonly name: string;
  readonly description: string;
  /** Bytes kept of each packet. */
  readonly snaplen: number;
  /** The filter expression; empty for none. */
  readonly filter: string;
}

export interface PacketBlock {
  /** Place of its interface among the interface blocks, from 0. */
  readonly interfaceIndex: number;
  /** Microseconds since 1970. */
  readonly time: number;
  /** The frame from the Ethernet header on. */
  readonly frame: Buffer;
  /** Bytes on the link. */
  readonly length: number;
  readonly direction: PacketDirection;
  readonly comments: readonly string[];
}

export function sectionHeader(application: string): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  body.writeUInt16LE(VERSION[0], 4);
  body.writeUInt16LE(VERSION[1], 6);
  body.writeBigUInt64LE(UNKNOWN_LENGTH, 8);
  return block(BLOCK.section, body, [text(OPTION.application, application)]);
}

export function interfaceDescription({ name, description, snaplen, filter }: InterfaceDescription): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(LINKTYPE_ETHERNET, 0);
  body.writeUInt32LE(snaplen, 4);
  return block(BLOCK.interface, body, [
    text(OPTION.interfaceName, name),
    text(OPTION.interfaceDescription, description),
    option(TIME_RESOLUTION, Buffer.from([6])),
    // The first byte says that a libpcap expression follows.
    ...(filter === '' ? [] : [text(INTERFACE_FILTER, `\0${filter}`)]),
  ]);
}

export function enhancedPacket({ interfaceIndex, time, frame, length, direction, comments }: PacketBlock): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(interfaceIndex, 0);
  head.writeUInt32LE(Math.floor(time / 0x1_0000_0000), 4);
  head.writeUInt32LE(time % 0x1_0000_0000, 8);
  head.writeUInt32LE(frame.length, 12);
  head.writeUInt32LE(length, 16);
  const flags = Buffer.alloc(4);
  flags.writeUInt32LE(DIRECTION_FLAG[direction]);
  return block(BLOCK.packet, Buffer.concat([head, padded(frame)]), [
    ...comments.map((comment) => text(OPTION.comment, comment)),
    option(OPTION.packetFlags, flags),
  ]);
}

/** Type and length, the body, its options, and the length once more. */
function block(type: number, body: Buffer, options: readonly Buffer[]): Buffer {
  const length = 12 + body.length + options.reduce((sum, each) => sum + each.length, 4);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, body, ...options, option(OPTION.end, Buffer.alloc(0)), head.subarray(4)]);
}

function text(code: number, value: string): Buffer {
  // A character that is cut in two would be no UTF-8: what is left of it goes, too.
  const bytes = Buffer.from(value);
  return option(
    code,
    bytes.length <= MAX_OPTION_LENGTH ? bytes : Buffer.from(bytes.toString('utf8', 0, MAX_OPTION_LENGTH - 3)),
  );
}

function option(code: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, padded(value)]);
}

function padded(value: Buffer): Buffer {
  return Buffer.concat([value, Buffer.alloc(-value.length & 3)]);
}
