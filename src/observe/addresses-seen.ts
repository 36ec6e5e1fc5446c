import { byId } from '../cloud/by-id.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';

/**
 * The internet gateway translates addresses one to one: an end may appear by its private or its public one. A connect endpoint may
 * send with the address of its client.
 */
export function addressesSeen(cloud: Cloud, end: ProbeQuestion['from'], address: string): string[] {
  if (end.kind === 'external') return [address];
  const { instanceId, publicIp, privateIpAddresses } = byId(cloud.networkInterfaces, end.interfaceId);
  const [primary] = privateIpAddresses;
  const clientIp = byId(cloud.instances, instanceId).forwarding?.clientIp ?? null;
  const isPrimary = primary !== undefined && publicIp !== null && (address === publicIp || address === primary);
  return [...(isPrimary ? [primary, publicIp] : [address]), ...(clientIp === null ? [] : [clientIp])];
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
