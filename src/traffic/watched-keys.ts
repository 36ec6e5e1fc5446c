import type { ProbeQuestion } from '../cloud/probe.js';
import { protocolNumber } from '../cloud/protocol.js';
import type { Cloud } from '../cloud/types.js';
import { addressesSeen } from '../observe/addresses-seen.js';
import { flowKey } from '../observe/flow-key.js';
import type { WatchedFlow } from '../observe/observer.js';
import type { FlowPorts } from './ask.js';

/** The flow under every pair of addresses that its ends may appear by. */
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
