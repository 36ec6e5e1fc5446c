import { CloudError } from '../errors.js';
import { addressesOf } from '../groups/members.js';
import type { Family } from '../groups/types.js';
import { byId, getAnyInterface, withInterface } from '../lookup.js';
import { type Avoided, NOTHING_AVOIDED } from '../network/address-book.js';
import { canonicalAddress, isAddress } from '../network/cidr.js';
import { claimInternetAddress, nextPublicIp } from '../network/internet-address.js';
import { addressPool, claimSubnetAddress, firstFreeAddress } from '../network/subnet-address.js';
import type { Subnet, Vpc } from '../network/types.js';
import { noInternetGateway } from '../network/vpc.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';
import type { InterfaceBody, NetworkInterface } from './types.js';

/** The addresses that a request may name; the others are chosen automatically. */
export interface AddressesInput {
  readonly privateIp?: string;
  readonly secondaryIps?: readonly string[];
  /** Left out: one, if the subnet has an IPv6 block. */
  readonly ipv6Addresses?: readonly string[];
  /** `true` takes one from the lab's pool; left out: none. */
  readonly publicIp?: boolean | string;
  /** One of the pool although no gateway leads to it yet, as RunInstances gives it. */
  readonly mapPublicIp?: boolean;
}

export type Addresses = Pick<NetworkInterface, 'privateIpAddresses' | 'ipv6Addresses' | 'publicIp'>;

/**
 * Gives an interface its addresses. Throws CloudError. `avoided`: addresses that are asked for by name, the input's own
 * included, and so must not be chosen automatically.
 */
export function chooseAddresses(
  cloud: Cloud,
  place: { readonly subnet: Subnet; readonly vpc: Vpc },
  input: AddressesInput,
  avoided: Avoided,
): Addresses {
  const secondary = input.secondaryIps ?? [];
  const primary = input.privateIp ?? firstFreeAddress(addressPool(cloud, place.subnet, place.subnet.cidr, avoided));
  return {
    privateIpAddresses: claimAll(cloud, place.subnet, place.subnet.cidr, [primary, ...secondary]),
    ipv6Addresses: chooseIpv6(cloud, place.subnet, input.ipv6Addresses, avoided),
    publicIp:
      input.mapPublicIp === true
        ? nextPublicIp(cloud, avoided)
        : choosePublicIp(cloud, place.vpc, input.publicIp ?? false, avoided),
  };
}

/** Every address that the input asks for by name, in canonical form; what is no address is left out. */
export function addressesByName(input: AddressesInput): string[] {
  const { privateIp, secondaryIps = [], ipv6Addresses = [], publicIp } = input;
  const words = [privateIp, ...secondaryIps, ...ipv6Addresses, publicIp];
  return words
    .filter((word) => typeof word === 'string' && isAddress(word))
    .map((word) => canonicalAddress(String(word)));
}

function chooseIpv6(
  cloud: Cloud,
  subnet: Subnet,
  wanted: readonly string[] | undefined,
  avoided: Avoided,
): readonly string[] {
  if (subnet.ipv6Cidr !== null) {
    return wanted === undefined
      ? [firstFreeAddress(addressPool(cloud, subnet, subnet.ipv6Cidr, avoided))]
      : claimAll(cloud, subnet, subnet.ipv6Cidr, wanted);
  }
  if (wanted === undefined || wanted.length === 0) return [];
  throw new CloudError(
    'InvalidParameterValue',
    `The subnet '${subnet.id}' (${subnet.name}) has no IPv6 block`,
    'Give the subnet an ipv6Cidr within the block of its VPC.',
  );
}

function choosePublicIp(cloud: Cloud, vpc: Vpc, wanted: boolean | string, avoided: Avoided): string | null {
  if (wanted === false) return null;
  if (vpc.internetGatewayId === null) throw noInternetGateway(vpc, 'a public IP is asked for');
  if (wanted === true) return nextPublicIp(cloud, avoided);
  if (isAddress(wanted) && !wanted.includes(':')) return claimInternetAddress(cloud, wanted);
  throw new CloudError(
    'InvalidParameterValue',
    `Invalid IP address: ${printable(wanted)}`,
    'A public IP is an IPv4 address such as 198.51.100.20, or true for an automatic one.',
  );
}

/** Claims one after the other, so that one list cannot hold an address twice. */
export function claimAll(cloud: Cloud, subnet: Subnet, block: string, texts: readonly string[]): string[] {
  const claimed: string[] = [];
  for (const text of texts)
    claimed.push(claimSubnetAddress(addressPool(cloud, subnet, block, { ...NOTHING_AVOIDED, own: claimed }), text));
  return claimed;
}

/** Addresses by name, or how many are to be chosen. */
export type AddressRequest = readonly string[] | number;

/** AssignPrivateIpAddresses, AssignIpv6Addresses. Throws CloudError. */
export function assignAddresses(cloud: Cloud, interfaceId: string, family: Family, wanted: AddressRequest): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  const subnet = byId(cloud.subnets, eni.subnetId);
  const block = blockOf(subnet, family);
  const added =
    typeof wanted === 'number' ? choose(cloud, subnet, block, wanted) : claimAll(cloud, subnet, block, wanted);
  return withInterface(cloud, withAddresses(eni, family, [...addressesOf(eni, family), ...added]));
}

/** UnassignPrivateIpAddresses, UnassignIpv6Addresses. Throws CloudError for a primary IPv4 address and for one that is not there. */
export function unassignAddresses(
  cloud: Cloud,
  interfaceId: string,
  family: Family,
  addresses: readonly string[],
): Cloud {
  const eni = getAnyInterface(cloud, interfaceId);
  const own = addressesOf(eni, family);
  const removable = family === 'ipv4' ? own.slice(1) : own;
  const wrong = addresses.find((address) => !removable.includes(address));
  if (wrong !== undefined) {
    throw new CloudError(
      'InvalidParameterValue',
      own.includes(wrong)
        ? `${wrong} is the primary address of interface ${eni.id} and cannot be unassigned`
        : `Some of the specified addresses are not assigned to interface ${eni.id}`,
      `It has ${own.join(', ') || 'none'}.`,
    );
  }
  const rest = own.filter((address) => !addresses.includes(address));
  return withInterface(cloud, withAddresses(eni, family, rest));
}

function blockOf(subnet: Subnet, family: Family): string {
  const block = family === 'ipv4' ? subnet.cidr : subnet.ipv6Cidr;
  if (block !== null) return block;
  throw new CloudError('InvalidParameterValue', `The subnet '${subnet.id}' (${subnet.name}) has no IPv6 block`);
}

function choose(cloud: Cloud, subnet: Subnet, block: string, count: number): string[] {
  const chosen: string[] = [];
  while (chosen.length < count)
    chosen.push(firstFreeAddress(addressPool(cloud, subnet, block, { ...NOTHING_AVOIDED, own: chosen })));
  return chosen;
}

function withAddresses<T extends InterfaceBody>(eni: T, family: Family, addresses: readonly string[]): T {
  return family === 'ipv4' ? { ...eni, privateIpAddresses: addresses } : { ...eni, ipv6Addresses: addresses };
}
