import { parseAddress } from '../cloud/network/cidr.js';

export const AF_INET = 2;
export const AF_INET6 = 10;

/** Builds a struct sockaddr_in (16 bytes) or sockaddr_in6 (28 bytes), by the form of the address. */
export function sockaddr(address: string, port: number): Buffer {
  const { family, value } = parseAddress(address);
  if (family === 'ipv4') {
    const buffer = Buffer.alloc(16);
    buffer.writeUInt16LE(AF_INET, 0);
    buffer.writeUInt16BE(port, 2);
    buffer.writeUInt32BE(Number(value), 4);
    return buffer;
  }
  const buffer = Buffer.alloc(28);
  buffer.writeUInt16LE(AF_INET6, 0);
  buffer.writeUInt16BE(port, 2);
  buffer.writeBigUInt64BE(value >> 64n, 8);
  buffer.writeBigUInt64BE(value & 0xffff_ffff_ffff_ffffn, 16);
  return buffer;
}

/** The port of either struct. */
export function portOf(name: Buffer): number {
  return name.readUInt16BE(2);
}

export function addressFamily(address: string): typeof AF_INET | typeof AF_INET6 {
  return address.includes(':') ? AF_INET6 : AF_INET;
}
