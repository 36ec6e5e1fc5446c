import { CloudError } from '../errors.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';
import { type Avoided, addressesAt, addressHolder, firstOffset, NOTHING_AVOIDED } from './address-book.js';
import { type Cidr, canonicalAddress, cidrContains, isAddress, nthAddress, parseAddress, parseCidr } from './cidr.js';
import type { Subnet } from './types.js';

/** Base, router, DNS and one for the future; and the last one (SUB). The first four and the last in IPv6 as well. */
const RESERVED_AT_START = 4n;
const RESERVED_AT_END = 1n;

/** Addresses of one block of a subnet while interfaces are being given theirs. */
export interface AddressPool {
  readonly block: Cidr;
  /** Nothing before it is free. */
  readonly firstOffset: bigint;
  /** Takes canonical texts. */
  readonly isTaken: (address: string) => boolean;
}

/** The pool of one of the subnet's two blocks. What is avoided is given out by nobody yet, but promised. */
export function addressPool(
  cloud: Cloud,
  subnet: Subnet,
  blockText: string,
  { promised, own }: Avoided = NOTHING_AVOIDED,
): AddressPool {
  const block = parseCidr(blockText);
  return {
    block,
    firstOffset: firstOffset(cloud, subnet.id, { block, least: RESERVED_AT_START, promised }),
    isTaken: (address) =>
      promised.has(address) || own.includes(address) || addressHolder(cloud, subnet.id, address) !== undefined,
  };
}

/** The first address that is neither reserved nor taken. Throws AWS's `InsufficientFreeAddressesInSubnet`. */
export function firstFreeAddress({ block, firstOffset: start, isTaken }: AddressPool): string {
  const count = block.last - block.first + 1n;
  for (let offset = start; offset < count - RESERVED_AT_END; offset += 1n) {
    const address = nthAddress(block, offset);
    if (!isTaken(address)) return address;
  }
  throw new CloudError(
    'InsufficientFreeAddressesInSubnet',
    'The specified subnet does not have enough free addresses to satisfy the request.',
    `${block.text} has ${count - RESERVED_AT_START - RESERVED_AT_END} usable addresses.`,
  );
}

/** The canonical text of an address asked for by name. Throws CloudError if it is outside, reserved (A26) or in use. */
export function claimSubnetAddress({ block, isTaken }: AddressPool, text: string): string {
  if (!isAddress(text)) {
    throw invalid(
      `Invalid IP address: ${printable(text)}`,
      `Write an address of ${block.text}, without a prefix length.`,
    );
  }
  const address = parseAddress(text);
  if (!cidrContains(block, address)) {
    throw invalid(`Address ${text} does not fall within the subnet's address range`, `The subnet is ${block.text}.`);
  }
  if (address.value < block.first + RESERVED_AT_START || address.value > block.last - RESERVED_AT_END) {
    throw invalid(
      `Address ${text} is in subnet's reserved address range`,
      'AWS keeps the first four addresses and the last.',
    );
  }
  const canonical = canonicalAddress(text);
  if (isTaken(canonical)) {
    throw new CloudError('InvalidIPAddress.InUse', `Address ${canonical} is in use.`, 'Choose another one.');
  }
  return canonical;
}

function invalid(message: string, hint: string): CloudError {
  return new CloudError('InvalidParameterValue', message, hint);
}

/** How many IPv4 addresses of the subnet nobody has; those that AWS keeps are none of them. */
export function freeAddressCount(cloud: Cloud, subnet: Subnet): number {
  const block = parseCidr(subnet.cidr);
  const used = addressesAt(cloud, subnet.id).filter((address) => !address.includes(':')).length;
  return Number(block.last - block.first + 1n - RESERVED_AT_START - RESERVED_AT_END) - used;
}
