import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLogFrame } from '../../../src/kernel/nflog.js';

/** One attribute as the kernel writes it: length and type in the host's order, padded to four bytes. */
function attribute(type: number, value: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(4 + value.length, 0);
  header.writeUInt16LE(type, 2);
  return Buffer.concat([header, value, Buffer.alloc(-value.length & 3)]);
}

const HEADER = Buffer.from([2, 0, 0, 1]);
const MARK = attribute(2, Buffer.from([0x80, 0, 0, 7]));
const PREFIX = attribute(10, Buffer.from('drop sg-ingress\0'));
const PAYLOAD = attribute(9, Buffer.from('packet!'));
const OTHER = attribute(1, Buffer.from([8, 0, 1, 0]));

describe('parseLogFrame', () => {
  it('finds prefix, mark and packet among other attributes, in any order', () => {
    for (const order of [
      [OTHER, MARK, PREFIX, PAYLOAD],
      [PAYLOAD, OTHER, PREFIX, MARK],
    ]) {
      const record = parseLogFrame(Buffer.concat([HEADER, ...order]));
      expect(record).toMatchObject({ prefix: 'drop sg-ingress', mark: 0x80000007, packet: Buffer.from('packet!') });
    }
  });

  it('finds the time in microseconds and the header of the frame, where the kernel tells them', () => {
    const time = attribute(3, Buffer.from('000000006b013607000000000007a863', 'hex'));
    const link = attribute(16, Buffer.from('a67d056d666d0279125a3d240800', 'hex'));
    expect(parseLogFrame(Buffer.concat([HEADER, time, link, PAYLOAD]))).toMatchObject({
      time: 0x6b013607 * 1_000_000 + 0x7a863,
      linkHeader: Buffer.from('a67d056d666d0279125a3d240800', 'hex'),
    });
    expect(parseLogFrame(Buffer.concat([HEADER, PAYLOAD]))).toMatchObject({ time: null, linkHeader: Buffer.alloc(0) });
  });

  it('gives a packet without mark the mark 0', () => {
    expect(parseLogFrame(Buffer.concat([HEADER, PREFIX, PAYLOAD]))).toMatchObject({ mark: 0 });
  });

  it('reads what there is of a frame that was cut anywhere', () => {
    const frame = Buffer.concat([HEADER, OTHER, MARK, PREFIX, PAYLOAD]);
    for (let length = 0; length <= frame.length; length++)
      expect(() => parseLogFrame(frame.subarray(0, length))).not.toThrow();
  });

  it('ends for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parseLogFrame(Buffer.from(bytes))));
  });
});
