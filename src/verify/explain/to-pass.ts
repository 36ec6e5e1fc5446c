/** Finds the changes that make a stopped probe pass, one stage after the other, each tried on the model. */

import { applyMutation, mutationText } from '../../changes/mutation.js';
import type { Mutation } from '../../changes/verbs.js';
import { CloudError } from '../../cloud/errors.js';
import type { Listener } from '../../cloud/instances/types.js';
import { byId, interfaceName } from '../../cloud/lookup.js';
import { probeTrafficText } from '../../cloud/text/probe.js';
import type { Cloud } from '../../cloud/types.js';
import type { ModelVerdict } from '../../oracle/dialogue.js';
import { isIcmp, type ModelPacket, TCP, UDP } from '../../oracle/packet.js';
import { because } from './because.js';
import { changeOf } from './change.js';
import { routeProposals } from './propose-route.js';
import { entryProposals, ruleProposals } from './propose-rule.js';
import { isSameStop, type Question, queryModel, type Stop, stopOf } from './query-model.js';
import { packetEndName } from './stages.js';
import type { Change, ExplainContext, Remedy } from './types.js';

/** The number of stages of a path out and back through a few gateways. */
const MAX_CHANGES = 16;

/** @returns null if it passes already */
export function toPass(context: ExplainContext, question: Question): Remedy | null {
  const verdict = queryModel(context.cloud, question);
  return stopOf(verdict) === null ? null : searchFurther(context, question, verdict, []);
}

/** Tries the possible changes, and takes the shortest series of them that makes the probe pass. */
function searchFurther(
  context: ExplainContext,
  question: Question,
  verdict: ModelVerdict,
  changes: readonly Change[],
): Remedy {
  const stop = stopOf(verdict);
  if (stop === null) return { changes, verified: true, obstacle: null };
  const { cloud } = context;
  const refusals: string[] = [];
  const remedies: Remedy[] = [];
  for (const mutation of changes.length < MAX_CHANGES ? proposals(cloud, verdict, stop) : []) {
    const next = attempt(cloud, mutation);
    if (typeof next === 'string') {
      refusals.push(next);
      continue;
    }
    const after = queryModel(next, question);
    const then = stopOf(after);
    if (then !== null && isSameStop(then, stop)) continue;
    const more = [...changes, changeOf(cloud, verdict, stop, mutation)];
    remedies.push(searchFurther({ ...context, cloud: next }, question, after, more));
    // Another group of the interface would have the same effect: only routes lead to different paths.
    if (stop.type === 'dropped' && stop.hop.stage !== 'route') break;
  }
  const [best] = remedies.sort((a, b) => lengthOf(a) - lengthOf(b));
  return best ?? { changes, verified: false, obstacle: refusals[0] ?? obstacleTo(context, verdict, stop) };
}

/** A series that does not lead to the end counts as longer than any that does. */
function lengthOf({ changes, obstacle }: Remedy): number {
  return changes.length + (obstacle === null ? 0 : MAX_CHANGES);
}

/** The cloud after the change, or the reason why AWS would refuse it. */
function attempt(cloud: Cloud, mutation: Mutation): Cloud | string {
  try {
    return applyMutation(cloud, mutation);
  } catch (error) {
    if (error instanceof CloudError) return `"${mutationText(mutation)}" would be refused: ${error.message}`;
    throw error;
  }
}

function proposals(cloud: Cloud, verdict: ModelVerdict, stop: Stop): Mutation[] {
  if (stop.type === 'listener') return listenProposals(cloud, verdict);
  const { hop, leg } = stop;
  switch (hop.stage) {
    case 'sg-egress':
    case 'sg-ingress':
      return ruleProposals(cloud, hop, leg);
    case 'nacl-inbound':
    case 'nacl-outbound':
      return entryProposals(cloud, hop, leg);
    case 'source-dest-check':
      return [{ type: 'source-dest-check', instance: interfaceName(cloud, hop.interface ?? ''), enabled: false }];
    case 'route':
      return routeProposals(cloud, verdict[leg]);
    default:
      return [];
  }
}

function listenProposals(cloud: Cloud, { arrival }: ModelVerdict): Mutation[] {
  if (arrival === null || isIcmp(arrival.packet)) return [];
  const { place, packet } = arrival;
  const on =
    place.kind === 'external'
      ? place.name
      : byId(cloud.instances, byId(cloud.networkInterfaces, place.interfaceId).instanceId).name;
  return [{ type: 'listen', on, listeners: [listenerFor(packet)] }];
}

/** A listener that would answer the packet. */
export function listenerFor({ protocol, destinationPort }: ModelPacket): Listener {
  if (protocol === TCP || protocol === UDP)
    return { protocol: protocol === TCP ? 'tcp' : 'udp', port: destinationPort };
  return { protocol: 'raw', number: protocol };
}

/** The reason why no additional rule, entry or route would help. */
function obstacleTo(context: ExplainContext, { arrival }: ModelVerdict, stop: Stop): string {
  const { cloud, question } = context;
  if (stop.type === 'listener') {
    const who = arrival === null ? 'nobody' : packetEndName(cloud, arrival.place);
    return `it arrives, and ${who} has no answer to ${probeTrafficText(question)}: that is up to the machine, not to rules`;
  }
  const { hop, leg } = stop;
  const unreachable =
    hop.stage === 'route' && hop.cause === 'no-route' ? withoutPublicAddress(cloud, hop.packet.destination) : null;
  return unreachable ?? because(context, leg, hop);
}

/** A private address cannot be reached from outside. */
function withoutPublicAddress(cloud: Cloud, address: string): string | null {
  const owner = Object.values(cloud.networkInterfaces).find(({ privateIpAddresses }) =>
    privateIpAddresses.includes(address),
  );
  if (owner === undefined) return null;
  const name = interfaceName(cloud, owner.id);
  const reason = owner.publicIp === null ? 'it has no public address' : `ask for its public address ${owner.publicIp}`;
  return `no route from there leads to ${address} of ${name}, which is private: ${reason}`;
}
