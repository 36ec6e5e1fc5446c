import ipaddr from 'ipaddr.js';
import { CloudError } from '../errors.js';
import type { Family } from '../groups/types.js';
import { printable } from '../text/quote.js';

/** A block of addresses; `first` and `last` are inclusive, as unsigned integers of 32 or 128 bits. */
export interface Cidr {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
  /** 0 … 32 or 0 … 128. */
  readonly prefixLength: number;
  /** Canonical: host bits cleared, IPv6 in its shortest lower-case form (RFC 5952). */
  readonly text: string;
}

export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

const BITS: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 };

// The library alone would also take `10.1`, `0x0a000001`, `::ffff:1.2.3.4` and `fe80::1%eth0`; AWS takes none of these.
const WRITTEN_AS_AWS: Readonly<Record<Family, RegExp>> = {
  ipv4: /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/,
  ipv6: /^[0-9a-f:]+$/i,
};
const PREFIX_LENGTH = /^(0|[1-9]\d{0,2})$/;

/** Texts that are remembered: the same few are read again for every packet. */
const MAX_CACHED = 10_000;

function memoized<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = read(text);
    if (known.size >= MAX_CACHED) known.clear();
    known.set(text, value);
    return value;
  };
}

/** Reads `10.0.0.1` or `2001:db8::1`. Throws CloudError for anything else. */
export const parseAddress: (text: string) => Address = memoized((text) => {
  if (!isAddress(text)) {
    throw new CloudError(
      'InvalidParameterValue',
      `${JSON.stringify(text)} is not an IP address`,
      'Write an IPv4 address such as 10.0.0.1 or an IPv6 address such as 2001:db8::1.',
    );
  }
  const value = ipaddr
    .parse(text)
    .toByteArray()
    .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { family: familyOf(text), value };
});

export function isAddress(text: string): boolean {
  return WRITTEN_AS_AWS[familyOf(text)].test(text) && ipaddr.isValid(text);
}

/** The family of an address or block, by the way it is written. */
export function familyOf(text: string): Family {
  return text.includes(':') ? 'ipv6' : 'ipv4';
}

/** The canonical text of an address value. Throws RangeError for a value that the family cannot hold. */
export function formatAddress(family: Family, value: bigint): string {
  const bits = BITS[family];
  if (value < 0n || value >= 1n << BigInt(bits)) throw new RangeError(`${value} is not an ${family} address`);
  const bytes = Array.from({ length: bits / 8 }, (_, i) => Number((value >> BigInt(bits - 8 * (i + 1))) & 0xffn));
  return family === 'ipv4' ? bytes.join('.') : ipaddr.fromByteArray(bytes).toString();
}

/** `2001:DB8:0::1` -> `2001:db8::1`. Throws as parseAddress does. */
export function canonicalAddress(text: string): string {
  const { family, value } = parseAddress(text);
  return formatAddress(family, value);
}

/**
 * Reads a block and canonicalises it as AWS does: `100.68.0.18/18` -> `100.68.0.0/18` (A6, S30).
 * Throws CloudError; a bare address is refused with its /32 or /128 as the hint.
 */
export const parseCidr: (text: string) => Cidr = memoized(readCidr);

function readCidr(text: string): Cidr {
  const [addressText = '', lengthText, ...rest] = text.split('/');
  if (!isAddress(addressText) || rest.length > 0) throw malformedCidr(text);
  const { family, value } = parseAddress(addressText);
  if (lengthText === undefined) throw malformedCidr(text, `Write ${addressText}/${BITS[family]} for one address.`);
  const prefixLength = Number(lengthText);
  if (!PREFIX_LENGTH.test(lengthText) || prefixLength > BITS[family]) {
    throw malformedCidr(text, `The prefix length of an ${family} block is 0 to ${BITS[family]}.`);
  }
  return cidrAt(family, value, prefixLength);
}

/** The block of that prefix length that holds the address value. */
export function cidrAt(family: Family, value: bigint, prefixLength: number): Cidr {
  const size = 1n << BigInt(BITS[family] - prefixLength);
  const first = value - (value % size);
  return {
    family,
    first,
    last: first + size - 1n,
    prefixLength,
    text: `${formatAddress(family, first)}/${prefixLength}`,
  };
}

/** The block of one address. */
export function hostCidr(address: string): string {
  return `${address}/${BITS[familyOf(address)]}`;
}

export function isCidr(text: string): boolean {
  return isParseable(parseCidr, text);
}

/** Families never mix: an IPv4 block contains no IPv6 address. */
export function cidrContains(cidr: Cidr, address: Address): boolean {
  return cidr.family === address.family && cidr.first <= address.value && address.value <= cidr.last;
}

/** Every address of `inner` is in `outer`. */
export function cidrContainsCidr(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** The address at an offset from the block's first one, as text. Throws RangeError outside the block. */
export function nthAddress(cidr: Cidr, offset: bigint): string {
  const value = cidr.first + offset;
  if (value < cidr.first || value > cidr.last) throw new RangeError(`${cidr.text} has no address number ${offset}`);
  return formatAddress(cidr.family, value);
}

function isParseable(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

function malformedCidr(text: string, hint = 'Write a block such as 10.0.0.0/16 or 2001:db8::/64.'): CloudError {
  return new CloudError('InvalidParameterValue', `${JSON.stringify(text)} is not a CIDR block`, hint);
}

/**
 * A block as an API parameter. Throws CloudError with AWS's text for parameters that are not CIDR blocks of the
 * family; the hint says what is wrong with it.
 */
export function parseBlock(parameter: string, family: Family, text: string): Cidr {
  const cidr = tryParse(text);
  if (!(cidr instanceof CloudError) && cidr.family === family) return cidr;
  throw new CloudError(
    'InvalidParameterValue',
    `Value (${printable(text)}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
    cidr instanceof CloudError ? (cidr.hint ?? undefined) : `An ${FAMILY_NAME[family]} block is needed here.`,
  );
}

/** The peer of a rule. AWS's words for a bad one, one of the other family included (gh:aws/aws-cli#2428). */
export function parsePeerCidr(text: string, family?: Family): Cidr {
  const cidr = tryParse(text);
  if (!(cidr instanceof CloudError) && (family === undefined || cidr.family === family)) return cidr;
  throw new CloudError(
    'InvalidParameterValue',
    `CIDR block ${printable(text)} is malformed`,
    cidr instanceof CloudError ? (cidr.hint ?? undefined) : `An ${FAMILY_NAME[family ?? 'ipv4']} block is needed here.`,
  );
}

/** One rule for all places: sizes are prefix lengths, both inclusive. */
export function checkBlockSize(code: string, cidr: Cidr, [shortest, longest]: readonly [number, number]): void {
  if (shortest <= cidr.prefixLength && cidr.prefixLength <= longest) return;
  const allowed = shortest === longest ? `/${shortest}` : `/${shortest} to /${longest}`;
  throw new CloudError(code, `The CIDR '${cidr.text}' is invalid.`, `Its prefix length must be ${allowed}.`);
}

export const FAMILY_NAME: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

function tryParse(text: string): Cidr | CloudError {
  try {
    return parseCidr(text);
  } catch (error) {
    if (error instanceof CloudError) return error;
    throw error;
  }
}
