import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Family } from '../../../src/cloud/groups/types.js';
import {
  canonicalAddress,
  cidrAt,
  cidrContains,
  cidrContainsCidr,
  cidrsOverlap,
  formatAddress,
  nthAddress,
  parseAddress,
  parseCidr,
} from '../../../src/cloud/network/cidr.js';

describe('parseCidr', () => {
  it.each([
    ['100.68.0.18/18', '100.68.0.0/18', 'ipv4', 0x64440000n, 0x64443fffn],
    ['10.0.1.5/32', '10.0.1.5/32', 'ipv4', 0x0a000105n, 0x0a000105n],
    ['0.0.0.0/0', '0.0.0.0/0', 'ipv4', 0n, 0xffffffffn],
    ['255.255.255.255/1', '128.0.0.0/1', 'ipv4', 0x80000000n, 0xffffffffn],
    ['::/0', '::/0', 'ipv6', 0n, 2n ** 128n - 1n],
    ['2001:DB8:0::/32', '2001:db8::/32', 'ipv6', 0x20010db8n << 96n, (0x20010db9n << 96n) - 1n],
    ['2001:db8::1/128', '2001:db8::1/128', 'ipv6', (0x20010db8n << 96n) + 1n, (0x20010db8n << 96n) + 1n],
    ['fd00:0:0:0:1:2:3:4/64', 'fd00::/64', 'ipv6', 0xfd00n << 112n, (0xfd00n << 112n) + 2n ** 64n - 1n],
  ])('%s is %s', (text, canonical, family, first, last) => {
    expect(parseCidr(text)).toMatchObject({ text: canonical, family, first, last });
  });

  it.each([
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '10.1/16',
    '010.0.0.0/8',
    '0x0a000000/8',
    '256.0.0.0/8',
    '::/129',
    '::ffff:1.2.3.4/128',
    'fe80::1%eth0/64',
    '1::2::3/64',
    ' 10.0.0.0/8',
    '10.0.0.0/8\n',
    '/8',
    '',
    'web',
  ])('refuses %j', (text) => {
    expect(() => parseCidr(text)).toThrow(expect.objectContaining({ code: 'InvalidParameterValue' }));
  });

  it.each([
    ['10.0.0.1', 'Write 10.0.0.1/32 for one address.'],
    ['2001:db8::1', 'Write 2001:db8::1/128 for one address.'],
    ['10.0.0.0/33', 'The prefix length of an ipv4 block is 0 to 32.'],
  ])('%s: %s', (text, hint) => {
    expect(() => parseCidr(text)).toThrow(expect.objectContaining({ hint }));
  });
});

describe('addresses', () => {
  it.each([
    ['2001:DB8:0:0:0::1', '2001:db8::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['10.0.0.1', '10.0.0.1'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });

  it('counts from the start of the block and not beyond its end', () => {
    expect(nthAddress(parseCidr('10.0.1.0/24'), 4n)).toBe('10.0.1.4');
    expect(nthAddress(parseCidr('2001:db8::/64'), 2n ** 64n - 1n)).toBe('2001:db8::ffff:ffff:ffff:ffff');
    expect(() => nthAddress(parseCidr('10.0.1.0/24'), 256n)).toThrow(RangeError);
    expect(() => nthAddress(parseCidr('10.0.1.0/24'), -1n)).toThrow(RangeError);
    expect(() => formatAddress('ipv4', 2n ** 32n)).toThrow(RangeError);
  });

  it('S30: 100.68.63.255 is in 100.68.0.18/18 and 100.68.64.0 is not', () => {
    const block = parseCidr('100.68.0.18/18');
    expect(cidrContains(block, parseAddress('100.68.63.255'))).toBe(true);
    expect(cidrContains(block, parseAddress('100.68.64.0'))).toBe(false);
  });

  it('never mixes families', () => {
    expect(cidrContains(parseCidr('0.0.0.0/0'), parseAddress('::1'))).toBe(false);
    expect(cidrContains(parseCidr('::/0'), parseAddress('10.0.0.1'))).toBe(false);
    expect(cidrsOverlap(parseCidr('0.0.0.0/0'), parseCidr('::/0'))).toBe(false);
  });
});

const FAMILIES: readonly (readonly [Family, number])[] = [
  ['ipv4', 32],
  ['ipv6', 128],
];

describe.each(FAMILIES)('properties of %s', (family, bits) => {
  const value = fc.bigInt(0n, 2n ** BigInt(bits) - 1n);
  const block = fc.tuple(value, fc.integer({ min: 0, max: bits })).map(([at, length]) => cidrAt(family, at, length));

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(value, (at) => {
        expect(parseAddress(formatAddress(family, at))).toEqual({ family, value: at });
      }),
    );
    fc.assert(
      fc.property(block, (cidr) => {
        expect(parseCidr(cidr.text)).toEqual(cidr);
      }),
    );
  });

  it('a block has the size of its prefix length and starts at a multiple of it', () => {
    fc.assert(
      fc.property(block, ({ first, last, prefixLength }) => {
        const size = 2n ** BigInt(bits - prefixLength);
        expect(last - first + 1n).toBe(size);
        expect(first % size).toBe(0n);
      }),
    );
  });

  it('two blocks overlap exactly if one holds the other', () => {
    fc.assert(
      fc.property(block, block, (a, b) => {
        expect(cidrsOverlap(a, b)).toBe(cidrContainsCidr(a, b) || cidrContainsCidr(b, a));
        expect(cidrsOverlap(a, b)).toBe(cidrsOverlap(b, a));
      }),
    );
  });

  it('an address is in a block exactly if its first bits are the block’s', () => {
    fc.assert(
      fc.property(block, value, (cidr, at) => {
        const shift = BigInt(bits - cidr.prefixLength);
        expect(cidrContains(cidr, { family, value: at })).toBe(at >> shift === cidr.first >> shift);
      }),
    );
  });
});
