import fc from 'fast-check';
import { expect, it } from 'vitest';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../../../src/records/capture/pcapng.js';
import { readPcapng } from '../../../kernel/support/read-pcapng.js';

const description = { description: 'd', snaplen: 65_535, filter: 'tcp' };

it('what is written is read again, whatever it is', () => {
  const packet = fc.record({
    interfaceIndex: fc.nat(1),
    time: fc.nat(Number.MAX_SAFE_INTEGER),
    frame: fc.uint8Array({ maxLength: 90 }).map((bytes) => Buffer.from(bytes)),
    length: fc.nat(70_000),
    direction: fc.constantFrom('in' as const, 'out' as const),
    comments: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(packet), (packets) => {
      const names = ['web-1.eth0', 'web-1.eth0 card'];
      const blocks = [
        sectionHeader('test'),
        ...names.map((name) => interfaceDescription({ name, ...description })),
        ...packets.map(enhancedPacket),
      ];
      const read = readPcapng(Buffer.concat(blocks));
      expect(read.interfaces).toEqual(names);
      expect(read.packets).toEqual(
        packets.map(({ interfaceIndex, time, direction, ...rest }) => ({
          ...rest,
          interface: names[interfaceIndex],
          time: BigInt(time),
          direction: direction === 'in' ? 1 : 2,
        })),
      );
    }),
  );
});

it('a comment that is too long for the format is cut between two characters', () => {
  const comments = ['é'.repeat(40_000)];
  const packet = { interfaceIndex: 0, time: 1, frame: Buffer.alloc(1), length: 1, direction: 'in', comments } as const;
  const read = readPcapng(
    Buffer.concat([sectionHeader('t'), interfaceDescription({ name: 'a', ...description }), enhancedPacket(packet)]),
  );
  expect(read.packets[0]?.comments[0]).toMatch(/^é{32700,}$/);
});
