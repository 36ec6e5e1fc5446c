import { applyMutation } from '../changes/mutation.js';
import type { Mutation } from '../changes/verbs.js';
import { hasPorts, isIcmp, protocolNumber } from '../cloud/protocol.js';
import { type PacketSpec, resolvePacket } from '../cloud/text/packet-spec.js';
import { type ProbeQuestion, type ProbeSpec, resolveProbe } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { ORDINARY } from '../oracle/behaviour.js';
import { exchange, finish, type ModelFlow, type ModelVerdict, probe } from '../oracle/dialogue.js';
import { dropOf, type ModelHop, type PacketEnd, type TooBig } from '../oracle/journey.js';
import { type ModelPacket, reversed, TCP } from '../oracle/packet.js';
import { VPC_MTU, World } from '../oracle/world.js';
import type { FlowSend, Leg } from '../verdict/types.js';
import type { Answer, PacketOpinion } from './opinion.js';

/** Real time passes while a history is played, and the kernel counts whole seconds. */
const TIMING_MARGIN_S = 8;

/** The first of the source ports and identifiers of new flows. */
const FIRST_PORT = 1024;
const LAST_PORT = 65_535;

/** The first packet of a flow, and its sender. */
type FirstPacket = Pick<ModelFlow, 'client' | 'packet'>;

export interface NarrowWay extends TooBig {
  readonly leg: Leg;
}

/** The opinion of the model in src/oracle. */
export class ModelOpinion implements PacketOpinion {
  readonly name = 'model';
  readonly #world: World;
  readonly #flows = new Map<string, ModelFlow>();
  #port: number;

  /** @param firstPort the source port of the first flow */
  constructor(cloud: Cloud, firstPort = FIRST_PORT, behaviour = ORDINARY) {
    this.#world = new World(cloud, behaviour);
    this.#port = firstPort - 1;
  }

  async probe(questions: readonly ProbeSpec[]): Promise<Answer[]> {
    return questions.map((question) => modelAnswer(this.verdictOf(question)));
  }

  /** Nothing answers: it is about the way there. */
  async packet(packet: PacketSpec): Promise<Answer> {
    const question = resolvePacket(this.#world.cloud, packet);
    const sent = { ...packetOf(question, this.#nextPort()), sourcePort: packet.sourcePort ?? this.#port };
    const journey = this.#world.send(sent, placeOf(question));
    const drop = dropOf(journey);
    if (drop === null) return { outcome: 'delivered', stage: null, leg: null, rules: rulesOf(journey.hops) };
    return { outcome: 'dropped', stage: drop.stage, leg: 'request', rules: rulesOf([drop]) };
  }

  /**
   * The verdict with its reasons.
   * @throws CloudError for a name that means nothing
   */
  verdictOf(question: ProbeSpec): ModelVerdict {
    const { client, packet } = this.#firstPacket(question);
    return probe(this.#world, client, packet);
  }

  /** The ways of a probe that a full packet of the VPC does not pass, with the way of the error that says so. */
  narrowWaysOf(question: ProbeSpec): NarrowWay[] {
    const { client, packet } = this.#firstPacket(question);
    const { arrival } = probe(this.#world, client, packet, 'stay open');
    const send = (data: ModelPacket, from: PacketEnd) =>
      this.#world.send(data.protocol === TCP ? { ...data, tcp: 'ack' } : data, from, VPC_MTU).tooBig;
    const request = send(packet, client);
    const reply = arrival === null ? undefined : send(reversed(arrival.packet), arrival.place);
    return [
      ...(request === undefined ? [] : [{ leg: 'request', ...request } as const]),
      ...(reply === undefined ? [] : [{ leg: 'reply', ...reply } as const]),
    ];
  }

  async open(flow: string, question: ProbeSpec): Promise<Answer> {
    const first = this.#firstPacket(question);
    const verdict = probe(this.#world, first.client, first.packet, 'stay open');
    if (verdict.outcome === 'connected' && verdict.arrival)
      this.#flows.set(flow, { ...first, server: verdict.arrival });
    return modelAnswer(verdict);
  }

  async exchange(name: string, send: FlowSend): Promise<Answer> {
    const flow = this.#flows.get(name);
    if (flow === undefined) throw new Error(`the model has no flow ${name}`);
    const { continues, stage, leg, hops } = exchange(this.#world, flow, send);
    return { outcome: continues ? 'goes-on' : 'stalls', stage, leg, rules: rulesOf(hops) };
  }

  async end(name: string): Promise<void> {
    const flow = this.#flows.get(name);
    if (flow !== undefined) finish(this.#world, flow);
    this.#flows.delete(name);
  }

  async mutate(mutation: Mutation): Promise<void> {
    this.#world.change(applyMutation(this.#world.cloud, mutation));
  }

  async advance(seconds: number): Promise<void> {
    this.#world.advance(seconds);
  }

  /** Lengthens the idle time until no time-out is so close to its end that a slow kernel might differ. Seconds. */
  unambiguousIdleTime(seconds: number): number {
    const isDoubtful = this.#world.secondsLeft().some((left) => Math.abs(left - seconds) < TIMING_MARGIN_S);
    return isDoubtful ? this.unambiguousIdleTime(seconds + TIMING_MARGIN_S) : seconds;
  }

  #firstPacket(spec: ProbeSpec): FirstPacket {
    const question = resolveProbe(this.#world.cloud, spec);
    return { client: placeOf(question), packet: packetOf(question, this.#nextPort()) };
  }

  #nextPort(): number {
    this.#port = this.#port >= LAST_PORT ? FIRST_PORT : this.#port + 1;
    return this.#port;
  }
}

function placeOf({ from }: ProbeQuestion): PacketEnd {
  return from.kind === 'external' ? { kind: 'external', name: from.name } : from;
}

function packetOf(question: ProbeQuestion, port: number): ModelPacket {
  const { family, protocol, icmpType, icmpCode } = question;
  return {
    family,
    source: question.sourceAddress,
    destination: question.destinationAddress,
    protocol: protocolNumber(protocol),
    sourcePort: hasPorts(protocol) ? port : 0,
    destinationPort: question.port ?? 0,
    tcp: protocol === 'tcp' ? 'syn' : null,
    icmp: isIcmp(protocol) ? { type: icmpType ?? 0, code: icmpCode ?? 0, identifier: port, about: null } : null,
  };
}

export function modelAnswer({ outcome, stage, leg, request, reply }: ModelVerdict): Answer {
  return { outcome, stage, leg, rules: rulesOf([...request, ...reply]) };
}

/** For a network ACL, only the entry that denied: the kernel does not name those that allow. */
function rulesOf(hops: readonly ModelHop[]): string[] {
  return [
    ...new Set(hops.flatMap(({ card, verdict, rule }) => card?.ruleIds ?? (verdict === 'drop' ? (rule ?? []) : []))),
  ];
}
