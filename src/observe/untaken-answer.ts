/** The answer that a client does not have: whether cards saw it leave, and come. */
import type { Endpoint } from '../cloud/text/endpoint.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import type { ConntrackTuple } from '../kernel/conntrack.js';
import { connectionsOf } from './connections.js';
import { flowKey } from './flow-key.js';
import type { WatchedFlow } from './observer.js';

/**
 * `at-client`: the client's card passed it on, and the machine behind did not take it; `sent`: the server's card saw it leave, and the
 * client has none that could tell; `lost`: it left, and did not come to the client's card.
 */
export type UntakenAnswer = 'at-client' | 'sent' | 'lost';

/**
 * Null: no card saw an answer. Cards track all flows of protocols with ports or identifiers, in both directions; a pair of
 * addresses is one memory for both, and says nothing about an answer.
 */
export async function untakenAnswer(
  cloud: Cloud,
  { from, to }: ProbeQuestion,
  flow: WatchedFlow,
): Promise<UntakenAnswer | null> {
  const [atClient, atServer] = await Promise.all([from, to].map((end) => passedAnswer(cloud, end, flow)));
  if (atClient) return 'at-client';
  if (!atServer) return null;
  return from.kind === 'external' ? 'sent' : 'lost';
}

async function passedAnswer(cloud: Cloud, end: Endpoint, { request }: WatchedFlow): Promise<boolean> {
  if (end.kind === 'external') return false;
  const { connections } = await connectionsOf(cloud, end.interfaceId);
  return connections.some(
    ({ protocolNumber, original, state, unreplied }) =>
      !unreplied && state !== 'PAIR' && request.includes(flowKey(protocolNumber, ends(original))),
  );
}

function ends({ source, destination, sourcePort, destinationPort, identifier }: ConntrackTuple) {
  return {
    source,
    destination,
    sourcePort: sourcePort ?? identifier ?? 0,
    destinationPort: destinationPort ?? identifier ?? 0,
  };
}
