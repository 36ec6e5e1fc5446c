/** Reads pcapng by its specification (draft-ietf-opsawg-pcapng), independently of the writer. */
export interface ReadPacket {
  readonly interface: string;
  /** Microseconds since 1970. */
  readonly time: bigint;
  readonly frame: Buffer;
  readonly length: number;
  readonly comments: string[];
  /** 1 inbound, 2 outbound. */
  readonly direction: number;
}

export function readPcapng(file: Buffer): { interfaces: string[]; packets: ReadPacket[] } {
  const interfaces: string[] = [];
  const packets: ReadPacket[] = [];
  for (let at = 0; at < file.length; ) {
    const type = file.readUInt32LE(at);
    const length = file.readUInt32LE(at + 4);
    if (length % 4 !== 0 || file.readUInt32LE(at + length - 4) !== length) throw new Error(`broken block at ${at}`);
    const body = file.subarray(at + 8, at + length - 4);
    if (at === 0 && (type !== 0x0a0d0d0a || body.readUInt32LE(0) !== 0x1a2b3c4d)) throw new Error('no section header');
    if (type === 1) interfaces.push(String(options(body.subarray(8)).find(([code]) => code === 2)?.[1]));
    if (type === 6) packets.push(packet(body, interfaces));
    at += length;
  }
  return { interfaces, packets };
}

function packet(body: Buffer, interfaces: readonly string[]): ReadPacket {
  const kept = body.readUInt32LE(12);
  const found = options(body.subarray(20 + Math.ceil(kept / 4) * 4));
  return {
    interface: interfaces[body.readUInt32LE(0)] ?? 'none',
    time: (BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8)),
    frame: body.subarray(20, 20 + kept),
    length: body.readUInt32LE(16),
    comments: found.filter(([code]) => code === 1).map(([, value]) => value.toString()),
    direction: (found.find(([code]) => code === 2)?.[1].readUInt32LE(0) ?? 0) & 3,
  };
}

function options(data: Buffer): [code: number, value: Buffer][] {
  const found: [number, Buffer][] = [];
  for (let at = 0; at + 4 <= data.length && data.readUInt16LE(at) !== 0; ) {
    const length = data.readUInt16LE(at + 2);
    found.push([data.readUInt16LE(at), data.subarray(at + 4, at + 4 + length)]);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return found;
}
