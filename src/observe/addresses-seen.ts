import { byId } from '../cloud/by-id.js';
import type { ProbeQuestion } from '../cloud/probe.js';
import type { Cloud } from '../cloud/types.js';

/** The internet gateway translates addresses one to one: an end may appear by its private or its public one. */
export function addressesSeen(cloud: Cloud, end: ProbeQuestion['from'], address: string): string[] {
  if (end.kind === 'external') return [address];
  const { publicIp, privateIpAddresses } = byId(cloud.networkInterfaces, end.interfaceId);
  const [primary] = privateIpAddresses;
  if (publicIp === null || primary === undefined) return [address];
  return address === publicIp || address === primary ? [primary, publicIp] : [address];
}

/** The addresses by which an address appears on either side of an internet gateway, itself included. */
export function twinsOf(cloud: Cloud, address: string): string[] {
  const others = Object.values(cloud.networkInterfaces).flatMap(({ publicIp, privateIpAddresses: [primary] }) => {
    if (publicIp === null || primary === undefined) return [];
    if (address === publicIp) return [primary];
    return address === primary ? [publicIp] : [];
  });
  return [address, ...others];
}
