import { describe, expect, it } from 'vitest';
import { parseIcmp } from '../../../src/observe/packet.js';
import { type IcmpMessage, isAbout, outcomeOfError } from '../../../src/traffic/icmp-sockets.js';

const message = (family: 'ipv4' | 'ipv6', type: number, code: number): IcmpMessage => ({
  family,
  type,
  code,
  source: '10.0.1.9',
  identifier: 0,
  sequence: 0,
  mtu: null,
  about: null,
});

describe('what an ICMP error means to a client', () => {
  it.each([
    ['ipv4', 3, 3, 'refused'],
    ['ipv4', 3, 2, 'refused'],
    ['ipv4', 3, 0, 'unreachable'],
    ['ipv4', 3, 1, 'unreachable'],
    ['ipv4', 3, 13, 'unreachable'],
    ['ipv4', 3, 4, null], // only asks for smaller packets
    ['ipv4', 11, 0, null],
    ['ipv4', 0, 0, null],
    ['ipv6', 1, 4, 'refused'],
    ['ipv6', 4, 1, 'refused'],
    ['ipv6', 1, 0, 'unreachable'],
    ['ipv6', 1, 1, 'unreachable'],
    ['ipv6', 2, 0, null],
    ['ipv6', 129, 0, null],
  ] as const)('%s %d/%d: %s', (family, type, code, outcome) => {
    expect(outcomeOfError(message(family, type, code))).toBe(outcome);
  });

  it('is about the flow that it quotes, in that direction only', () => {
    // 10.0.1.5 -> 10.0.2.9, protocol 47
    const quoted = Buffer.from('4500001c000000004 02f00000a0001050a000209'.replaceAll(' ', '') + '00'.repeat(8), 'hex');
    const header = parseIcmp(1, Buffer.concat([Buffer.from([3, 2, 0, 0, 0, 0, 0, 0]), quoted]));
    if (header === null) throw new Error('no header');
    const error = { ...header, family: 'ipv4' as const, source: '10.0.2.9' };
    expect(isAbout(error, 47, '10.0.1.5', '10.0.2.9')).toBe(true);
    expect(isAbout(error, 47, '10.0.2.9', '10.0.1.5')).toBe(false);
    expect(isAbout(error, 50, '10.0.1.5', '10.0.2.9')).toBe(false);
    expect(isAbout(message('ipv4', 3, 2), 47, '10.0.1.5', '10.0.2.9')).toBe(false);
  });
});

it('an ICMP message shorter than its header is none, as anybody can send one', () => {
  for (let length = 0; length < 8; length++) expect(parseIcmp(58, Buffer.alloc(length))).toBeNull();
});
