import { byId } from '../cloud/by-id.js';
import { addressesOf } from '../cloud/groups/members.js';
import { forwardedPort } from '../cloud/instances/forwarding.js';
import { presentInterfaces } from '../cloud/lookup.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';

export interface ForwardedEnds {
  readonly source: string;
  readonly destination: string;
  readonly destinationPort: number;
}

/**
 * How a flow looks behind a network load balancer that it is for; none otherwise.
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
