import { addressesOf } from '../../cloud/groups/members.js';
import type { Family } from '../../cloud/groups/types.js';
import { type AddressRequest, assignAddresses, unassignAddresses } from '../../cloud/interfaces/interface-addresses.js';
import { allInterfaces, getAnyInterface } from '../../cloud/lookup.js';
import type { Cloud } from '../../cloud/types.js';
import type { ActionContext, Input, Output } from '../action.js';
import { Ec2Error } from '../ec2-error.js';
import { checkInterfaceIds } from '../refusals.js';
import { refusePrefixes } from '../requests/interface.js';

export const interfaceAddressActions = {
  AssignPrivateIpAddresses,
  UnassignPrivateIpAddresses,
  AssignIpv6Addresses,
  UnassignIpv6Addresses,
};

async function AssignPrivateIpAddresses(
  request: Input<'AssignPrivateIpAddresses'>,
  context: ActionContext,
): Promise<Output<'AssignPrivateIpAddresses'>> {
  const { NetworkInterfaceId = '', PrivateIpAddresses, SecondaryPrivateIpAddressCount, AllowReassignment } = request;
  refusePrefixes(request);
  const wanted = addressRequestOf(PrivateIpAddresses, SecondaryPrivateIpAddressCount);
  const added = await assign(context, NetworkInterfaceId, {
    family: 'ipv4',
    wanted,
    mayTake: AllowReassignment ?? false,
  });
  return {
    NetworkInterfaceId,
    AssignedPrivateIpAddresses: added.map((PrivateIpAddress) => ({ PrivateIpAddress })),
    AssignedIpv4Prefixes: [],
  };
}

async function AssignIpv6Addresses(
  request: Input<'AssignIpv6Addresses'>,
  context: ActionContext,
): Promise<Output<'AssignIpv6Addresses'>> {
  refusePrefixes(request);
  const { NetworkInterfaceId = '', Ipv6Addresses, Ipv6AddressCount } = request;
  const wanted = addressRequestOf(Ipv6Addresses, Ipv6AddressCount);
  const added = await assign(context, NetworkInterfaceId, { family: 'ipv6', wanted, mayTake: false });
  return { NetworkInterfaceId, AssignedIpv6Addresses: added, AssignedIpv6Prefixes: [] };
}

async function UnassignPrivateIpAddresses(
  { NetworkInterfaceId = '', PrivateIpAddresses = [] }: Input<'UnassignPrivateIpAddresses'>,
  context: ActionContext,
): Promise<Output<'UnassignPrivateIpAddresses'>> {
  await unassign(context, NetworkInterfaceId, 'ipv4', PrivateIpAddresses);
}

async function UnassignIpv6Addresses(
  { NetworkInterfaceId = '', Ipv6Addresses = [] }: Input<'UnassignIpv6Addresses'>,
  context: ActionContext,
): Promise<Output<'UnassignIpv6Addresses'>> {
  await unassign(context, NetworkInterfaceId, 'ipv6', Ipv6Addresses);
  return { NetworkInterfaceId, UnassignedIpv6Addresses: Ipv6Addresses, UnassignedIpv6Prefixes: [] };
}

interface Assignment {
  readonly family: Family;
  readonly wanted: AddressRequest;
  /** Secondary addresses of other interfaces may be taken. */
  readonly mayTake: boolean;
}

/** @returns the addresses that the interface has in addition */
async function assign(
  context: ActionContext,
  interfaceId: string,
  { family, wanted, mayTake }: Assignment,
): Promise<string[]> {
  checkInterfaceIds([interfaceId]);
  const { added } = await context.change((before) => {
    const had = addressesOf(getAnyInterface(before, interfaceId), family);
    const free = mayTake && typeof wanted !== 'number' ? takenFromOthers(before, interfaceId, wanted) : before;
    const cloud = assignAddresses(free, interfaceId, family, wanted);
    const has = addressesOf(getAnyInterface(cloud, interfaceId), family);
    return { cloud, added: has.filter((address) => !had.includes(address)) };
  });
  return added;
}

async function unassign(
  context: ActionContext,
  interfaceId: string,
  family: Family,
  addresses: readonly string[],
): Promise<void> {
  checkInterfaceIds([interfaceId]);
  await context.change((before) => ({ cloud: unassignAddresses(before, interfaceId, family, addresses) }));
}

/** `AllowReassignment` lets an interface take secondary addresses of others in its subnet. */
function takenFromOthers(cloud: Cloud, interfaceId: string, wanted: readonly string[]): Cloud {
  const { subnetId } = getAnyInterface(cloud, interfaceId);
  const others = allInterfaces(cloud).filter((eni) => eni.subnetId === subnetId && eni.id !== interfaceId);
  return others.reduce((before, { id, privateIpAddresses }) => {
    const taken = privateIpAddresses.slice(1).filter((address) => wanted.includes(address));
    return taken.length === 0 ? before : unassignAddresses(before, id, 'ipv4', taken);
  }, cloud);
}

function addressRequestOf(addresses: readonly string[] | undefined, count: number | undefined): AddressRequest {
  if (addresses !== undefined && addresses.length > 0) return addresses;
  if (count !== undefined && count > 0) return count;
  throw new Ec2Error('MissingParameter', 'Either addresses or how many there are to be must be specified.');
}
