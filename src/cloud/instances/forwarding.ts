import { CloudError } from '../errors.js';
import {
  byId,
  getInstance,
  getNetworkInterface,
  interfaceName,
  interfacesOf,
  vpcIdOfInterface,
  withEntry,
} from '../lookup.js';
import type { Cloud } from '../types.js';
import type { ForwardedPort, Forwarding } from './types.js';

/**
 * Says what a load balancer or connect endpoint passes on, and to whom. Throws CloudError for a port that is named twice or has no
 * target, and for targets of another VPC.
 */
export function setForwarding(cloud: Cloud, instanceId: string, forwarding: Forwarding): Cloud {
  const instance = getInstance(cloud, instanceId);
  const [own] = interfacesOf(cloud, instance);
  const vpcId = own === undefined ? null : vpcIdOfInterface(cloud, own);
  for (const [position, { port, targetIds }] of forwarding.ports.entries()) {
    if (forwarding.ports.findIndex((other) => other.port === port) < position) {
      throw new CloudError(
        'DuplicateListener',
        `A listener already exists on port ${port}`,
        'Each port has one listener.',
      );
    }
    if (targetIds.length === 0) {
      throw new CloudError(
        'ValidationError',
        `listener ${port} of ${instance.name} has no target`,
        'Name an instance.',
      );
    }
    for (const target of targetIds.map((id) => getNetworkInterface(cloud, id))) {
      if (vpcIdOfInterface(cloud, target) !== vpcId) {
        throw new CloudError(
          'InvalidTarget',
          `${interfaceName(cloud, target.id)} is not in the VPC of ${instance.name}`,
          'A balancer and its targets are in one VPC.',
        );
      }
    }
  }
  return { ...cloud, instances: withEntry(cloud.instances, { ...instance, forwarding }) };
}

/** The port of a network load balancer's interface that a packet is for; null if it is for none. */
export function forwardedPort(
  cloud: Cloud,
  interfaceId: string,
  { protocol, port }: { readonly protocol: string; readonly port: number | null },
): ForwardedPort | null {
  const { kind, forwarding } = byId(cloud.instances, byId(cloud.networkInterfaces, interfaceId).instanceId);
  if (kind !== 'network-load-balancer' || protocol !== 'tcp') return null;
  return forwarding?.ports.find((each) => each.port === port) ?? null;
}
