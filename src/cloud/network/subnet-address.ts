import { CloudError } from '../errors.js';
import { allInterfaces } from '../lookup.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';
import { type Cidr, canonicalAddress, cidrContains, isAddress, nthAddress, parseAddress, parseCidr } from './cidr.js';
import type { Subnet } from './types.js';

/** Base, router, DNS and one for the future; and the last one (SUB). The first four and the last in IPv6 as well. */
const RESERVED_AT_START = 4n;
const RESERVED_AT_END = 1n;

/** Addresses of one block of a subnet while interfaces are being given theirs. */
export interface AddressPool {
  readonly block: Cidr;
  /** Canonical texts. */
  readonly taken: ReadonlySet<string>;
}

/** The pool of one of the subnet's two blocks. `alsoTaken` is given out by nobody yet, but promised. */
export function addressPool(
  cloud: Cloud,
  subnet: Subnet,
  block: string,
  alsoTaken: Iterable<string> = [],
): AddressPool {
  const inUse = allInterfaces(cloud)
    .filter((eni) => eni.subnetId === subnet.id)
    .flatMap((eni) => [...eni.privateIpAddresses, ...eni.ipv6Addresses]);
  return { block: parseCidr(block), taken: new Set([...inUse, ...alsoTaken]) };
}

/** The first address that is neither reserved nor taken. Throws AWS's `InsufficientFreeAddressesInSubnet`. */
export function firstFreeAddress({ block, taken }: AddressPool): string {
  const count = block.last - block.first + 1n;
  for (let offset = RESERVED_AT_START; offset < count - RESERVED_AT_END; offset += 1n) {
    const address = nthAddress(block, offset);
    if (!taken.has(address)) return address;
  }
  throw new CloudError(
    'InsufficientFreeAddressesInSubnet',
    'The specified subnet does not have enough free addresses to satisfy the request.',
    `${block.text} has ${count - RESERVED_AT_START - RESERVED_AT_END} usable addresses.`,
  );
}

/** The canonical text of an address asked for by name. Throws CloudError if it is outside, reserved (A26) or in use. */
export function claimSubnetAddress({ block, taken }: AddressPool, text: string): string {
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
  if (taken.has(canonical)) {
    throw new CloudError('InvalidIPAddress.InUse', `Address ${canonical} is in use.`, 'Choose another one.');
  }
  return canonical;
}

function invalid(message: string, hint: string): CloudError {
  return new CloudError('InvalidParameterValue', message, hint);
}

/** How many IPv4 addresses of the subnet nobody has; those that AWS keeps are none of them. */
export function freeAddressCount(cloud: Cloud, subnet: Subnet): number {
  const { block, taken } = addressPool(cloud, subnet, subnet.cidr);
  const used = [...taken].filter((address) => !address.includes(':')).length;
  return Number(block.last - block.first + 1n - RESERVED_AT_START - RESERVED_AT_END) - used;
}
