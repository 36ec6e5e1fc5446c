import { byId } from '../cloud/by-id.js';
import { formatAddress, parseAddress, parseCidr } from '../cloud/network/cidr.js';
import type { Endpoint } from '../cloud/text/endpoint.js';
import type { Cloud } from '../cloud/types.js';
import { ROUTER_MAC } from '../lab/routing.js';

/** The address on the link that a sender puts on a packet: the router's, or that of all or some machines at once. */
export function linkDestination(cloud: Cloud, from: Endpoint, destination: string): string {
  const { family, value } = parseAddress(destination);
  if (family === 'ipv6') {
    return value >> 120n === 0xffn ? macAddress((0x3333n << 32n) | (value & 0xffff_ffffn)) : ROUTER_MAC;
  }
  if (value >> 28n === 0xen) return macAddress(0x0100_5e00_0000n | (value & 0x7f_ffffn));
  return destination === '255.255.255.255' || destination === subnetBroadcast(cloud, from)
    ? 'ff:ff:ff:ff:ff:ff'
    : ROUTER_MAC;
}

function subnetBroadcast(cloud: Cloud, from: Endpoint): string | null {
  if (from.kind === 'external') return null;
  const { subnetId } = byId(cloud.networkInterfaces, from.interfaceId);
  return formatAddress('ipv4', parseCidr(byId(cloud.subnets, subnetId).cidr).last);
}

function macAddress(value: bigint): string {
  return (value.toString(16).padStart(12, '0').match(/../g) ?? []).join(':');
}
