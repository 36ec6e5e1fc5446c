import type { NetworkInterface } from '../cloud/interfaces/types.js';
import { byId, findById } from '../cloud/lookup.js';
import { type Address, cidrContains, parseAddress, parseCidr } from '../cloud/network/cidr.js';
import { blocksOfDestination } from '../cloud/network/route-target.js';
import { routeState, routeTableOf } from '../cloud/network/routes.js';
import type { RouteDestination, RouteTarget, Subnet, Vpc } from '../cloud/network/types.js';
import { vpcBlocks } from '../cloud/network/vpc-blocks.js';
import type { Cloud } from '../cloud/types.js';
import type { ModelPacket } from './packet.js';

/** A route table's decision about a packet; `null` target: no route holds the address. */
export interface Decision {
  readonly target: RouteTarget | null;
  readonly state: 'active' | 'blackhole';
  /** The destination of the route that decided. */
  readonly destination: RouteDestination | null;
}

/** The longest prefix that holds the address wins, each family for itself (RT). */
export function decide(cloud: Cloud, subnetId: string, destination: string): Decision {
  const address = parseAddress(destination);
  const table = routeTableOf(cloud, subnetId);
  const holding = table.routes
    .map((route) => ({ route, length: longestPrefix(cloud, route.destination, address) }))
    .filter(({ length }) => length >= 0)
    .sort((a, b) => b.length - a.length);
  const best = holding[0]?.route;
  if (best === undefined) return { target: null, state: 'active', destination: null };
  const state = routeState(cloud, byId(cloud.vpcs, table.vpcId), best);
  return { target: best.target, state, destination: best.destination };
}

function longestPrefix(cloud: Cloud, destination: Parameters<typeof blocksOfDestination>[1], address: Address): number {
  const lengths = blocksOfDestination(cloud, destination)
    .filter((block) => cidrContains(block, address))
    .map(({ prefixLength }) => prefixLength);
  return Math.max(-1, ...lengths);
}

/** The interface of the VPC that has the private address. */
export function interfaceAt(cloud: Cloud, vpcId: string, address: string): NetworkInterface | null {
  const found = Object.values(cloud.networkInterfaces).find(
    (eni) => byId(cloud.subnets, eni.subnetId).vpcId === vpcId && ownsAddress(eni, address),
  );
  return found ?? null;
}

export function ownsAddress({ privateIpAddresses, ipv6Addresses }: NetworkInterface, address: string): boolean {
  return privateIpAddresses.includes(address) || ipv6Addresses.includes(address);
}

/** An instance reaches each of its own addresses without leaving (S114). */
export function isOwn(cloud: Cloud, { instanceId }: NetworkInterface, destination: string): boolean {
  const { interfaceIds } = byId(cloud.instances, instanceId);
  return interfaceIds.some((id) => ownsAddress(byId(cloud.networkInterfaces, id), destination));
}

export function isInside(cloud: Cloud, vpcId: string, address: string): boolean {
  return vpcBlocks(byId(cloud.vpcs, vpcId)).some((block) => cidrContains(parseCidr(block), parseAddress(address)));
}

/** Inside a subnet no network ACL is asked (S95). */
export function staysWithin(cloud: Cloud, { id, vpcId }: Subnet, target: RouteTarget | null, to: string): boolean {
  const eni =
    target?.type === 'interface'
      ? findById(cloud.networkInterfaces, target.interfaceId)
      : target?.type === 'local'
        ? interfaceAt(cloud, vpcId, to)
        : null;
  return eni?.subnetId === id;
}

/** The interface of the VPC that an address on the internet means: by its public address, or by its IPv6 address. */
export function publiclyAt(cloud: Cloud, vpc: Vpc, { family, destination }: ModelPacket): NetworkInterface | null {
  if (family === 'ipv6') return interfaceAt(cloud, vpc.id, destination);
  const found = Object.values(cloud.networkInterfaces).find(
    ({ publicIp, subnetId }) => publicIp === destination && byId(cloud.subnets, subnetId).vpcId === vpc.id,
  );
  return found ?? null;
}
