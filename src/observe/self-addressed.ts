import { byId } from '../cloud/lookup.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';

/**
 * Does a machine ask itself, so that no packet leaves it and no group is asked (S114)? By its public address it does not: the
 * internet gateway alone knows that one.
 */
export function isSelfAddressed(cloud: Cloud, { from, to, destinationAddress }: ProbeQuestion): boolean {
  if (from.kind === 'external' || to.kind === 'external') return from.kind === to.kind && isSameName(from, to);
  const [sender, receiver] = [from, to].map((end) => byId(cloud.networkInterfaces, end.interfaceId));
  return sender?.instanceId === receiver?.instanceId && receiver?.publicIp !== destinationAddress;
}

function isSameName(from: ProbeQuestion['from'], to: ProbeQuestion['to']): boolean {
  return from.kind === 'external' && to.kind === 'external' && from.name === to.name;
}
