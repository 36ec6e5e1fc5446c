import { CloudError } from '../errors.js';
import { canonicalAddress, isAddress } from '../network/cidr.js';
import { claimInternetAddress, nextPublicIp } from '../network/internet-address.js';
import { addressPool, claimSubnetAddress, firstFreeAddress } from '../network/subnet-address.js';
import type { Subnet, Vpc } from '../network/types.js';
import { noInternetGateway } from '../network/vpc.js';
import { printable } from '../text/quote.js';
import type { Cloud } from '../types.js';
import type { NetworkInterface } from './types.js';

/** What may be asked for; what is left out is chosen automatically. */
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
 * Gives an interface its addresses. Throws CloudError. `avoid`: addresses that are asked for by name, the input's own
 * included, and so must not be chosen automatically.
 */
export function chooseAddresses(
  cloud: Cloud,
  place: { readonly subnet: Subnet; readonly vpc: Vpc },
  input: AddressesInput,
  avoid: Iterable<string>,
): Addresses {
  const promised = [...avoid];
  const secondary = input.secondaryIps ?? [];
  const primary = input.privateIp ?? firstFreeAddress(addressPool(cloud, place.subnet, place.subnet.cidr, promised));
  return {
    privateIpAddresses: claimAll(cloud, place.subnet, place.subnet.cidr, [primary, ...secondary]),
    ipv6Addresses: chooseIpv6(cloud, place.subnet, input.ipv6Addresses, promised),
    publicIp:
      input.mapPublicIp === true
        ? nextPublicIp(cloud, promised)
        : choosePublicIp(cloud, place.vpc, input.publicIp ?? false, promised),
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
  promised: readonly string[],
): readonly string[] {
  if (subnet.ipv6Cidr !== null) {
    return wanted === undefined
      ? [firstFreeAddress(addressPool(cloud, subnet, subnet.ipv6Cidr, promised))]
      : claimAll(cloud, subnet, subnet.ipv6Cidr, wanted);
  }
  if (wanted === undefined || wanted.length === 0) return [];
  throw new CloudError(
    'InvalidParameterValue',
    `The subnet '${subnet.id}' (${subnet.name}) has no IPv6 block`,
    'Give the subnet an ipv6Cidr within the block of its VPC.',
  );
}

function choosePublicIp(cloud: Cloud, vpc: Vpc, wanted: boolean | string, promised: readonly string[]): string | null {
  if (wanted === false) return null;
  if (vpc.internetGatewayId === null) throw noInternetGateway(vpc, 'a public IP is asked for');
  if (wanted === true) return nextPublicIp(cloud, promised);
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
  for (const text of texts) claimed.push(claimSubnetAddress(addressPool(cloud, subnet, block, claimed), text));
  return claimed;
}
