/** A probe as the packets that it consists of, and what machines answer to them: the model's counterpart of src/traffic. */

import type { Listener } from '../cloud/instances/types.js';
import { byId } from '../cloud/lookup.js';
import type { Cloud } from '../cloud/types.js';
import type { FlowSend, Leg, Outcome, Stage, Stopped } from '../verdict/types.js';
import type { Behaviour } from './behaviour.js';
import { dropOf, endKey, type Journey, type ModelHop, type PacketEnd } from './journey.js';
import { answerType, ICMP, ICMPV6, isIcmp, type ModelPacket, reversed, TCP, UDP } from './packet.js';

/** Types that a Linux host answers by itself; the others it reads and keeps quiet. */
const ANSWERED_BY_HOST: ReadonlySet<number> = new Set([8, 13, 128]);

/** The model's verdict on a probe, with the hops of both its legs. */
export interface ModelVerdict extends Stopped {
  readonly outcome: Exclude<Outcome, 'unknown'>;
  readonly request: readonly ModelHop[];
  readonly reply: readonly ModelHop[];
  /** Where the first packet arrived, and how it looked there. */
  readonly arrival: Journey['arrival'];
}

export interface Carrier {
  readonly cloud: Cloud;
  readonly behaviour: Behaviour;
  /** Takes one packet as far as it gets. */
  send(packet: ModelPacket, from: PacketEnd): Journey;
}

/** The first packet of a flow, the answer to it, and what a client that has its answer sends: it closes at once. */
export function probe(
  network: Carrier,
  from: PacketEnd,
  packet: ModelPacket,
  then: 'close' | 'stay open' = 'close',
): ModelVerdict {
  const request = network.send(packet, from);
  const stopped = dropOf(request);
  if (request.arrival === null) return timedOut(request, [], stopped?.stage ?? null, 'request');
  const { place, packet: arrived } = request.arrival;
  const answer = reaction(network, place, arrived);
  if (answer === null) return timedOut(request, [], 'listener', 'request');
  const reply = network.send(answer, place);
  const lost = dropOf(reply);
  if (reply.arrival === null) return timedOut(request, reply.hops, lost?.stage ?? null, 'reply');
  if (!isFor(packet, reply.arrival.packet)) return timedOut(request, reply.hops, 'listener', 'request');
  if (network.behaviour.reactions.get(endKey(from)) === 'keeps quiet') {
    return timedOut(request, reply.hops, 'listener', 'reply');
  }
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

export interface ModelExchange extends Stopped {
  readonly continues: boolean;
  readonly hops: readonly ModelHop[];
}

/** A flow that is open: its packets as they look at either end. */
export interface ModelFlow {
  readonly client: PacketEnd;
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
  if (lost === null || lost.arrival !== null) return { continues: true, stage: null, leg: null, hops };
  return { continues: false, stage: dropOf(lost)?.stage ?? null, leg: isThere ? 'reply' : 'request', hops };
}

/** Both sides say that they have finished; only TCP says so. */
export function finish(network: Carrier, { client, packet, server }: ModelFlow): void {
  if (packet.protocol !== TCP) return;
  network.send({ ...packet, tcp: 'fin' }, client);
  network.send({ ...reversed(server.packet), tcp: 'fin' }, server.place);
}

function answerTo(network: Carrier, { place, packet }: ModelFlow['server'], data: ModelPacket): ModelPacket {
  const arrived = { ...packet, tcp: data.tcp };
  return (isIcmp(packet) ? reaction(network, place, arrived) : null) ?? reversed(arrived);
}

/** A client hears only answers from the address that it asked. Errors are recognised by the packet that they are about. */
function isFor({ destination }: ModelPacket, answer: ModelPacket): boolean {
  return answer.source === destination || answer.icmp?.about != null;
}

function timedOut(request: Journey, reply: readonly ModelHop[], stage: Stage | null, leg: Leg): ModelVerdict {
  return { outcome: 'timed-out', stage, leg, request: request.hops, reply, arrival: request.arrival };
}

/**
 * The packet by which a machine answers one that reached it: from a server, or the RST or ICMP error of a host on which nothing
 * listens; null where it keeps quiet.
 */
function reaction({ cloud, behaviour }: Carrier, place: PacketEnd, packet: ModelPacket): ModelPacket | null {
  const told = behaviour.reactions.get(endKey(place));
  if (told === 'keeps quiet') return null;
  const isServed = told === undefined ? listens(cloud, place, packet) : told === 'answers';
  if (packet.protocol === TCP) return packet.tcp === 'syn' ? tcpReaction(packet, isServed) : null;
  if (packet.protocol === ICMP || packet.protocol === ICMPV6) return icmpReaction(packet);
  return isServed ? reversed(packet) : unreachable(packet);
}

function tcpReaction(packet: ModelPacket, isServed: boolean): ModelPacket {
  return { ...reversed(packet), tcp: isServed ? 'syn-ack' : 'rst' };
}

function icmpReaction(packet: ModelPacket): ModelPacket | null {
  const type = answerType(packet);
  if (packet.icmp === null || type === null || !ANSWERED_BY_HOST.has(packet.icmp.type)) return null;
  return { ...reversed(packet), icmp: { ...packet.icmp, type } };
}

/** Port unreachable, or protocol unreachable: RFC 792, RFC 4443. */
function unreachable(packet: ModelPacket): ModelPacket {
  const isUdp = packet.protocol === UDP;
  const [protocol, type, code] =
    packet.family === 'ipv4' ? [ICMP, 3, isUdp ? 3 : 2] : isUdp ? [ICMPV6, 1, 4] : [ICMPV6, 4, 1];
  return {
    ...reversed(packet),
    protocol,
    sourcePort: 0,
    destinationPort: 0,
    icmp: { type, code, identifier: 0, about: packet },
  };
}

function listens(cloud: Cloud, place: PacketEnd, { protocol, destinationPort }: ModelPacket): boolean {
  return listenersOf(cloud, place).some((listener) => {
    if (listener.protocol === 'raw') return listener.number === protocol;
    return (listener.protocol === 'tcp' ? TCP : UDP) === protocol && listener.port === destinationPort;
  });
}

/** The ports of an application load balancer are served by its proxy. */
function listenersOf(cloud: Cloud, place: PacketEnd): readonly Listener[] {
  if (place.kind === 'external') return byId(cloud.externalHosts, place.name).listen;
  const { listen, kind, forwarding } = byId(
    cloud.instances,
    byId(cloud.networkInterfaces, place.interfaceId).instanceId,
  );
  if (kind !== 'application-load-balancer') return listen;
  return [...listen, ...(forwarding?.ports ?? []).map(({ port }): Listener => ({ protocol: 'tcp', port }))];
}
