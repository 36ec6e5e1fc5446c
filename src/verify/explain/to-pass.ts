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
import { middleboxesOn } from './machines.js';
import { routeProposals, staleProposals } from './propose-route.js';
import { entryProposals, ruleProposals } from './propose-rule.js';
import { isSameStop, type Question, queryModel, type Stop, stopOf } from './query-model.js';
import { isRuledOut } from './ruled-out.js';
import { fewest } from './smallest.js';
import { packetEndName } from './stages.js';
import type { Change, ExplainContext, Remedy } from './types.js';

/** The number of stages of a path out and back through a few gateways. */
const MAX_CHANGES = 16;

/** @returns null if it passes already */
export function toPass(context: ExplainContext, question: Question): Remedy | null {
  const verdict = queryModel(context.cloud, question);
  if (stopOf(verdict) === null) return null;
  const others = otherTargets(context.cloud, question);
  const first = searchFurther(context, question, verdict, []);
  const remedy = others.reduce((so, each) => addTarget(context, each, so), first);
  // Where machines in the middle decide, the model was told something on the way that it is not told here.
  if (remedy.obstacle !== null || remedy.provided !== null) return remedy;
  const passes = (cloud: Cloud) => [question, ...others].every((each) => stopOf(queryModel(cloud, each)) === null);
  return { ...remedy, changes: fewest(context.cloud, remedy.changes, passes) };
}

/** The same question for every target that the balancer did not choose this time. */
function otherTargets(cloud: Cloud, question: Question): Question[] {
  const { behaviour } = question;
  return [...behaviour.targets].flatMap(([balancer, chosen]) => {
    const { instanceId } = byId(cloud.networkInterfaces, balancer);
    const ports = byId(cloud.instances, instanceId).forwarding?.ports ?? [];
    const asked = ports.find(({ port }) => port === question.spec.port)?.targetIds ?? [];
    return asked
      .filter((id) => id !== chosen && cloud.networkInterfaces[id] !== undefined)
      .map((id) => ({ ...question, behaviour: { ...behaviour, targets: new Map([[balancer, id]]) } }));
  });
}

/** Adds what the next connection needs, which the balancer sends elsewhere. */
function addTarget(context: ExplainContext, question: Question, remedy: Remedy): Remedy {
  if (remedy.obstacle !== null) return remedy;
  const cloud = remedy.changes.map(({ mutation }) => mutation).reduce(applyMutation, context.cloud);
  return searchFurther({ ...context, cloud }, question, queryModel(cloud, question), remedy.changes);
}

/** Tries the possible changes, and takes the shortest series of them that makes the probe pass. */
function searchFurther(
  context: ExplainContext,
  question: Question,
  verdict: ModelVerdict,
  changes: readonly Change[],
): Remedy {
  const stop = stopOf(verdict);
  const { cloud } = context;
  if (stop === null) {
    const [middlebox] = unseen(context, question, verdict);
    const provided = middlebox && `${interfaceName(cloud, middlebox)} sends on as it is what it forwards`;
    return { changes, verified: true, obstacle: null, tried: 0, provided: provided ?? null };
  }
  const possible = changes.length < MAX_CHANGES ? proposals(cloud, question, verdict, stop) : [];
  const attempts = possible.filter((mutation) => !isRuledOut(mutation, context.ruledOut));
  const refusals: string[] = [];
  const remedies: Remedy[] = [];
  for (const mutation of attempts) {
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
  const obstacle = refusals[0] ?? ruledOutText(possible, attempts) ?? obstacleTo(context, verdict, stop);
  const none = { changes, verified: false, obstacle, tried: attempts.length, provided: null };
  return best ?? behindMiddlebox(context, question, verdict, none);
}

/** Says that something would help which must not be done; null where nothing else would. */
function ruledOutText(possible: readonly Mutation[], attempts: readonly Mutation[]): string | null {
  const [mutation] = attempts.length > 0 ? [] : possible;
  return mutation === undefined ? null : `"${mutationText(mutation)}" is ruled out here`;
}

/**
 * Behind a machine in the middle that was not seen to forward anything, whatever stops the packet is a guess: the machine may send it
 * on with its own address.
 */
function behindMiddlebox(context: ExplainContext, question: Question, verdict: ModelVerdict, none: Remedy): Remedy {
  const { cloud } = context;
  const { behaviour } = question;
  const [middlebox] = unseen(context, question, verdict);
  if (middlebox === undefined) return none;
  const translating = new Set([...behaviour.translating, middlebox]);
  const assumed = { ...question, behaviour: { ...behaviour, translating } };
  const remedy = searchFurther(context, assumed, queryModel(cloud, assumed), none.changes);
  const name = interfaceName(cloud, middlebox);
  const provided = `${name} sends on with its own address what it forwards, as a NAT instance does; if it does not: ${none.obstacle}`;
  if (remedy.obstacle === null) return { ...remedy, provided };
  return { ...none, provided: `${name} makes of packets what its owner likes, and none was seen to leave it` };
}

/** Machines in the middle of which no report says what they make of packets. */
function unseen({ cloud, question }: ExplainContext, { behaviour, forwarding }: Question, { request }: ModelVerdict) {
  const isKnown = (id: string) => forwarding.has(id) || behaviour.translating.has(id);
  return middleboxesOn(cloud, question, request).filter((id) => !isKnown(id));
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

function proposals(cloud: Cloud, { behaviour }: Question, verdict: ModelVerdict, stop: Stop): Mutation[] {
  // A machine that was seen to react in its own way would not do otherwise with one more listener.
  if (stop.type === 'listener') return behaviour.reactions.size > 0 ? [] : listenProposals(cloud, verdict);
  const { hop, leg } = stop;
  switch (hop.stage) {
    case 'sg-egress':
    case 'sg-ingress':
      return [...staleProposals(cloud, hop), ...ruleProposals(cloud, hop, leg)];
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
function obstacleTo(context: ExplainContext, { arrival, leg: silent }: ModelVerdict, stop: Stop): string {
  const { cloud, question, from } = context;
  if (stop.type === 'listener') {
    if (silent === 'reply')
      return `the answer arrives, and ${from} does not take it: that is up to the machine, not to rules`;
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
