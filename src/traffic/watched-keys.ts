import { byId } from '../cloud/by-id.js';
import type { ProbeQuestion } from '../cloud/probe.js';
import { protocolNumber } from '../cloud/protocol.js';
import type { Cloud } from '../cloud/types.js';
import { flowKey } from '../observe/flow-key.js';
import type { WatchedFlow } from '../observe/observer.js';
import type { FlowPorts } from './ask.js';

/** The internet gateway translates addresses one to one: each end may appear by its private or its public one. */
export function watchedKeys(cloud: Cloud, question: ProbeQuestion, ports: FlowPorts): WatchedFlow {
  const sources = addressesSeen(cloud, question.from, question.sourceAddress);
  const destinations = addressesSeen(cloud, question.to, question.destinationAddress);
  const protocol = protocolNumber(question.protocol);
  const pairs = sources.flatMap((source) => destinations.map((destination) => ({ source, destination })));
  return {
    request: pairs.map(({ source, destination }) =>
      flowKey(protocol, { source, sourcePort: ports.source, destination, destinationPort: ports.destination }),
    ),
    reply: pairs.map(({ source, destination }) =>
      flowKey(protocol, {
        source: destination,
        sourcePort: ports.destination,
        destination: source,
        destinationPort: ports.source,
      }),
    ),
  };
}

function addressesSeen(cloud: Cloud, end: ProbeQuestion['from'], address: string): string[] {
  if (end.kind === 'external') return [address];
  const { publicIp, privateIpAddresses } = byId(cloud.networkInterfaces, end.interfaceId);
  const [primary] = privateIpAddresses;
  if (publicIp === null || primary === undefined) return [address];
  return address === publicIp || address === primary ? [primary, publicIp] : [address];
}
