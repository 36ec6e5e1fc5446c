/** Addresses that an interface gets and loses while it lives. */
import { byId } from '../by-id.js';
import { CloudError } from '../errors.js';
import { addressesOf } from '../groups/members.js';
import type { Family } from '../groups/types.js';
import { getAnyInterface, withInterface } from '../lookup.js';
import { addressPool, firstFreeAddress } from '../network/subnet-address.js';
import type { Subnet } from '../network/types.js';
import type { Cloud } from '../types.js';
import { claimAll } from './interface-addresses.js';
import type { InterfaceBody } from './types.js';

/** Addresses by name, or how many are to be chosen. */
export type WantedAddresses = readonly string[] | number;

/** AssignPrivateIpAddresses, AssignIpv6Addresses. Throws CloudError. */
export function assignAddresses(cloud: Cloud, interfaceId: string, family: Family, wanted: WantedAddresses): Cloud {
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
  while (chosen.length < count) chosen.push(firstFreeAddress(addressPool(cloud, subnet, block, chosen)));
  return chosen;
}

function withAddresses<T extends InterfaceBody>(eni: T, family: Family, addresses: readonly string[]): T {
  return family === 'ipv4' ? { ...eni, privateIpAddresses: addresses } : { ...eni, ipv6Addresses: addresses };
}
