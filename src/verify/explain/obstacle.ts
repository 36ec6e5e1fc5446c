import { interfaceName } from '../../cloud/lookup.js';
import { probeTrafficWords } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import type { ModelVerdict } from '../../oracle/dialogue.js';
import type { Stop } from './ask-model.js';
import { because } from './because.js';
import { type Asked, placeName } from './stages.js';

/** Why no rule, entry or route that could be added changes it. */
export function obstacleTo({ cloud, from, question }: Asked, { arrival }: ModelVerdict, stop: Stop): string {
  if (stop.type === 'listener') {
    const who = arrival === null ? 'nobody' : placeName(cloud, arrival.place);
    return `it arrives, and ${who} has no answer to ${probeTrafficWords(question)}: that is up to the machine, not to rules`;
  }
  const { hop, leg } = stop;
  const unreachable =
    hop.stage === 'route' && hop.cause === 'no-route' ? withoutPublicAddress(cloud, hop.packet.destination) : null;
  return unreachable ?? because(cloud, from, question, leg, hop);
}

/** Nobody outside knows the way to a private address. */
function withoutPublicAddress(cloud: Cloud, address: string): string | null {
  const owner = Object.values(cloud.networkInterfaces).find(({ privateIpAddresses }) =>
    privateIpAddresses.includes(address),
  );
  if (owner === undefined) return null;
  const name = interfaceName(cloud, owner.id);
  const reason = owner.publicIp === null ? 'it has no public address' : `ask for its public address ${owner.publicIp}`;
  return `no route from there leads to ${address} of ${name}, which is private: ${reason}`;
}
