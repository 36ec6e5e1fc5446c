/** A probe as the packets that it consists of: the model's counterpart of src/traffic. */
import type { FlowSend, Leg, Outcome, Stage } from '../verdict/types.js';
import { reaction } from './host.js';
import { dropOf, type Hop, type Journey, type Place } from './journey.js';
import { isIcmp, type ModelPacket, reversed, TCP } from './packet.js';

/** What the model says of a probe: the shape of a `ProbeResult`, with reasons. */
export interface ModelVerdict {
  readonly outcome: Exclude<Outcome, 'unknown'>;
  readonly stage: Stage | null;
  readonly leg: Leg | null;
  readonly request: readonly Hop[];
  readonly reply: readonly Hop[];
  /** Where the first packet arrived, and how it looked there. */
  readonly arrival: Journey['arrival'];
}

export interface Carrier {
  readonly cloud: Parameters<typeof reaction>[0];
  /** Takes one packet as far as it gets. */
  send(packet: ModelPacket, from: Place): Journey;
}

/** The first packet of a flow, the answer to it, and what a client that has its answer sends: it closes at once. */
export function probe(
  network: Carrier,
  from: Place,
  packet: ModelPacket,
  then: 'close' | 'stay open' = 'close',
): ModelVerdict {
  const request = network.send(packet, from);
  const stopped = dropOf(request);
  if (request.arrival === null) return timedOut(request, [], stopped?.stage ?? null, 'request');
  const { place, packet: arrived } = request.arrival;
  const answer = reaction(network.cloud, place, arrived);
  if (answer === null) return timedOut(request, [], 'listener', 'request');
  const reply = network.send(answer, place);
  const lost = dropOf(reply);
  if (reply.arrival === null) return timedOut(request, reply.hops, lost?.stage ?? null, 'reply');
  if (!isFor(packet, reply.arrival.packet)) return timedOut(request, reply.hops, 'listener', 'request');
  const ways = { request: request.hops, reply: reply.hops, arrival: request.arrival };
  if (answer.tcp === 'rst' || (isIcmp(answer) && !isIcmp(packet))) {
    return { ...ways, outcome: 'refused', stage: 'listener', leg: 'request' };
  }
  if (packet.protocol === TCP) {
    network.send({ ...packet, tcp: 'ack' }, from);
    if (then === 'close') network.send({ ...packet, tcp: 'rst' }, from);
  }
  return { ...ways, outcome: 'connected', stage: null, leg: null };
}

export interface ModelExchange {
  readonly goesOn: boolean;
  readonly stage: Stage | null;
  readonly leg: Leg | null;
  readonly hops: readonly Hop[];
}

/** A flow that is open: its packets as they look at either end. */
export interface ModelFlow {
  readonly client: Place;
  readonly packet: ModelPacket;
  readonly server: NonNullable<Journey['arrival']>;
}

/** One more exchange on a flow that is open. TCP acknowledges what it gets: one-way data has a packet back. */
export function exchange(network: Carrier, { client, packet, server }: ModelFlow, send: FlowSend): ModelExchange {
  const data: ModelPacket = packet.protocol === TCP ? { ...packet, tcp: 'ack' } : packet;
  const answer = answerTo(network, server, data);
  const request = send === 'server' ? null : network.send(data, client);
  const isThere = request === null || request.arrival !== null;
  const reply = (send === 'client' && packet.protocol !== TCP) || !isThere ? null : network.send(answer, server.place);
  if (send === 'server' && packet.protocol === TCP && reply?.arrival != null) network.send(data, client);
  const hops = [...(request?.hops ?? []), ...(reply?.hops ?? [])];
  const lost = isThere ? (send === 'client' ? null : reply) : request;
  if (lost === null || lost.arrival !== null) return { goesOn: true, stage: null, leg: null, hops };
  return { goesOn: false, stage: dropOf(lost)?.stage ?? null, leg: isThere ? 'reply' : 'request', hops };
}

/** Both sides say that they have finished; only TCP says so. */
export function finish(network: Carrier, { client, packet, server }: ModelFlow): void {
  if (packet.protocol !== TCP) return;
  network.send({ ...packet, tcp: 'fin' }, client);
  network.send({ ...reversed(server.packet), tcp: 'fin' }, server.place);
}

function answerTo(network: Carrier, { place, packet }: ModelFlow['server'], data: ModelPacket): ModelPacket {
  const arrived = { ...packet, tcp: data.tcp };
  return (isIcmp(packet) ? reaction(network.cloud, place, arrived) : null) ?? reversed(arrived);
}

/** A client hears nothing but what comes from the address that it asked. Errors are told by what they are about. */
function isFor({ destination }: ModelPacket, answer: ModelPacket): boolean {
  return answer.source === destination || answer.icmp?.about != null;
}

function timedOut(request: Journey, reply: readonly Hop[], stage: Stage | null, leg: Leg): ModelVerdict {
  return { outcome: 'timed-out', stage, leg, request: request.hops, reply, arrival: request.arrival };
}
