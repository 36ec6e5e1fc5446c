/** How the two ends of a question look in packets: gateways, balancers and connect endpoints exchange addresses. */

import { addressesOf } from '../cloud/groups/members.js';
import { forwardedPort } from '../cloud/instances/forwarding.js';
import { byId, presentInterfaces } from '../cloud/lookup.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';

/**
 * The internet gateway translates addresses one to one: an end may appear by its private or its public one. A connect endpoint may
 * send with the address of its client.
 */
export function addressesOnPath(cloud: Cloud, end: ProbeQuestion['from'], address: string): string[] {
  if (end.kind === 'external') return [address];
  const { instanceId, publicIp, privateIpAddresses } = byId(cloud.networkInterfaces, end.interfaceId);
  const [primary] = privateIpAddresses;
  const clientIp = byId(cloud.instances, instanceId).forwarding?.clientIp ?? null;
  const isPrimary = primary !== undefined && publicIp !== null && (address === publicIp || address === primary);
  return [...(isPrimary ? [primary, publicIp] : [address]), ...(clientIp === null ? [] : [clientIp])];
}

/** The addresses by which an address appears on either side of an internet gateway, itself included. */
export function addressAliases(cloud: Cloud, address: string): string[] {
  const others = Object.values(cloud.networkInterfaces).flatMap(({ publicIp, privateIpAddresses: [primary] }) => {
    if (publicIp === null || primary === undefined) return [];
    if (address === publicIp) return [primary];
    return address === primary ? [publicIp] : [];
  });
  return [address, ...others];
}

interface ForwardedEnds {
  readonly source: string;
  readonly destination: string;
  readonly destinationPort: number;
}

/**
 * The ends of a flow behind a network load balancer that it is for; none for any other flow.
 * @param sources the addresses by which its client may appear
 */
export function forwardedEnds(cloud: Cloud, question: ProbeQuestion, sources: readonly string[]): ForwardedEnds[] {
  const forwarded = question.to.kind === 'interface' ? forwardedPort(cloud, question.to.interfaceId, question) : null;
  if (question.to.kind !== 'interface' || forwarded === null) return [];
  const { family, to } = question;
  const forwarder = byId(cloud.networkInterfaces, to.interfaceId);
  const preserve = byId(cloud.instances, forwarder.instanceId).forwarding?.preserveClientIp === true;
  const clients = preserve ? sources : addressesOf(forwarder, family);
  return presentInterfaces(cloud, forwarded.targetIds)
    .flatMap((eni) => addressesOf(eni, family))
    .flatMap((destination) =>
      clients.map((source) => ({ source, destination, destinationPort: forwarded.targetPort })),
    );
}
