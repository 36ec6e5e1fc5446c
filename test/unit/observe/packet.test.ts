import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowKey, keyOfPacket } from '../../../src/observe/flow-key.js';
import { type Packet, parsePacket } from '../../../src/observe/packet.js';

const hex = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');

/** A header from 10.0.1.5 to 10.0.2.9. */
const ipv4 = (protocol: string, payload: string, options = '') =>
  hex(options === '' ? '45' : '46', '00 0000 0000 0000 40', protocol, '0000 0a000105 0a000209', options, payload);

/** A header from 2001:db8::5 to 2001:db8::9. */
const ipv6 = (next: string, payload: string) =>
  hex('60000000 0000', next, '40 20010db8000000000000000000000005 20010db8000000000000000000000009', payload);

const TCP = '9c40 01bb 00000000 00000000 5002 0000 0000 0000';
const UDP = '9c40 0035 0008 0000';
const ENDS4 = { family: 'ipv4', source: '10.0.1.5', destination: '10.0.2.9' };
const ENDS6 = { family: 'ipv6', source: '2001:db8::5', destination: '2001:db8::9' };

const parsed = (data: Buffer): Packet => {
  const packet = parsePacket(data);
  if (packet === null) throw new Error('not a packet');
  return packet;
};

describe('parsePacket', () => {
  it.each([
    ['TCP', ipv4('06', TCP), { ...ENDS4, protocol: 6, sourcePort: 40000, destinationPort: 443, icmp: null }],
    ['TCP behind an option', ipv4('06', TCP, '94040000'), { ...ENDS4, protocol: 6, destinationPort: 443 }],
    ['UDP', ipv4('11', UDP), { ...ENDS4, protocol: 17, sourcePort: 40000, destinationPort: 53 }],
    ['a protocol without ports', ipv4('2f', TCP), { protocol: 47, sourcePort: 0, destinationPort: 0, icmp: null }],
    [
      'an echo',
      ipv4('01', '0800 0000 1234 0001'),
      { icmp: { type: 8, code: 0, identifier: 0x1234, sequence: 1, about: null } },
    ],
    ['TCP over IPv6', ipv6('06', TCP), { ...ENDS6, protocol: 6, destinationPort: 443 }],
    ['TCP behind hop-by-hop options', ipv6('00', `06 00 010400000000 ${TCP}`), { protocol: 6, destinationPort: 443 }],
    [
      'UDP behind long destination options',
      ipv6('3c', `11 01 ${'00'.repeat(14)} ${UDP}`),
      { protocol: 17, destinationPort: 53 },
    ],
    ['UDP in a fragment', ipv6('2c', `11 00 0001 00000007 ${UDP}`), { protocol: 17, destinationPort: 53 }],
    [
      'options, routing, fragment',
      ipv6('00', `2b00010400000000 2c00000000000000 0600000100000007 ${TCP}`),
      { protocol: 6, destinationPort: 443 },
    ],
    ['an ICMPv6 echo', ipv6('3a', '8000 0000 1234 0001'), { icmp: { type: 128, identifier: 0x1234, about: null } }],
  ])('reads %s', (_what, data, expected) => {
    expect(parsePacket(data)).toMatchObject(expected);
  });

  it('reads the packet that an ICMP error is about', () => {
    const quoted = ipv4('11', UDP).toString('hex');
    expect(parsed(ipv4('01', `0303 0000 00000000 ${quoted}`)).icmp).toMatchObject({
      type: 3,
      code: 3,
      about: { ...ENDS4, protocol: 17, destinationPort: 53 },
    });
    const quoted6 = ipv6('06', TCP).toString('hex');
    expect(parsed(ipv6('3a', `0104 0000 00000000 ${quoted6}`)).icmp).toMatchObject({
      type: 1,
      code: 4,
      about: { ...ENDS6, protocol: 6, destinationPort: 443 },
    });
  });

  it('takes a quoted packet without its ports for one without ports', () => {
    const quoted = ipv4('06', '').toString('hex');
    expect(parsed(ipv4('01', `0301 0000 00000000 ${quoted}`)).icmp?.about).toMatchObject({
      protocol: 6,
      sourcePort: 0,
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another version', hex('70', '00'.repeat(40))],
    ['a cut IPv4 header', ipv4('06', TCP).subarray(0, 19)],
    ['a cut IPv6 header', ipv6('06', TCP).subarray(0, 39)],
  ])('is null for %s', (_what, data) => {
    expect(parsePacket(data)).toBeNull();
  });

  const whole = [
    ipv4('06', TCP, '94040000'),
    ipv4('01', `0303 0000 00000000 ${ipv4('11', UDP).toString('hex')}`),
    ipv6('00', `2b00010400000000 2c00000000000000 0600000100000007 ${TCP}`),
    ipv6('3a', `0104 0000 00000000 ${ipv6('00', `0600010400000000 ${TCP}`).toString('hex')}`),
  ];

  it('throws for no packet that was cut anywhere', () => {
    for (const data of whole) {
      for (let length = 0; length <= data.length; length++)
        expect(() => parsePacket(data.subarray(0, length))).not.toThrow();
    }
  });

  it('throws for no bytes whatever', () => {
    fc.assert(
      fc.property(fc.constantFrom(0x45, 0x40, 0x4f, 0x60), fc.uint8Array({ maxLength: 200 }), (first, rest) => {
        parsePacket(Buffer.from([first, ...rest]));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('keys of flows', () => {
  it('tell a direction from its reverse, and a protocol from another', () => {
    const ends = { source: '10.0.1.5', sourcePort: 40000, destination: '10.0.2.9', destinationPort: 443 };
    const back = { source: '10.0.2.9', sourcePort: 443, destination: '10.0.1.5', destinationPort: 40000 };
    expect(keyOfPacket(parsed(ipv4('06', TCP)))).toBe(flowKey(6, ends));
    expect(new Set([flowKey(6, ends), flowKey(6, back), flowKey(17, ends)]).size).toBe(3);
  });

  it('of an echo have its identifier, whatever the sequence number', () => {
    const [first, second, other] = ['1234 0001', '1234 0002', '1235 0001'].map((numbers) =>
      keyOfPacket(parsed(ipv4('01', `0800 0000 ${numbers}`))),
    );
    expect(first).toBe(second);
    expect(first).not.toBe(other);
  });

  it('of an error have no identifier: its bytes mean something else', () => {
    const quoted = ipv4('11', UDP).toString('hex');
    const error = parsed(ipv4('01', `0304 0000 1234 05dc ${quoted}`));
    expect(keyOfPacket(error)).toBe(
      flowKey(1, { source: '10.0.1.5', sourcePort: 0, destination: '10.0.2.9', destinationPort: 0 }),
    );
  });
});
