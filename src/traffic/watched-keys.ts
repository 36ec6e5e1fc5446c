import { protocolNumber } from '../cloud/protocol.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { addressesSeen } from '../observe/addresses-seen.js';
import { flowKey } from '../observe/flow-key.js';
import { forwardedEnds } from '../observe/forwarded-ends.js';
import type { WatchedFlow } from '../observe/observer.js';
import type { FlowPorts } from './ask.js';

/**
 * The flow under every pair of addresses that its ends may appear by. Forwarders send on with other addresses and ports; the
 * client's port they keep, since every probe has one of its own.
 */
export function watchedKeys(cloud: Cloud, question: ProbeQuestion, ports: FlowPorts): WatchedFlow {
  const sources = addressesSeen(cloud, question.from, question.sourceAddress);
  const destinations = addressesSeen(cloud, question.to, question.destinationAddress);
  const protocol = protocolNumber(question.protocol);
  const pairs = [
    ...sources.flatMap((source) =>
      destinations.map((destination) => ({ source, destination, destinationPort: ports.destination })),
    ),
    ...forwardedEnds(cloud, question, sources),
  ];
  return {
    request: pairs.map((pair) => flowKey(protocol, { ...pair, sourcePort: ports.source })),
    reply: pairs.map(({ source, destination, destinationPort }) =>
      flowKey(protocol, {
        source: destination,
        sourcePort: destinationPort,
        destination: source,
        destinationPort: ports.source,
      }),
    ),
  };
}
