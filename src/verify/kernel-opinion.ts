import type { Mutation } from '../changes/verbs.js';
import { hasPorts, isIcmp } from '../cloud/protocol.js';
import type { PacketSpec } from '../cloud/text/packet-spec.js';
import { type ProbeQuestion, type ProbeSpec, resolveProbe } from '../cloud/text/probe.js';
import type { Lab } from '../lab/lab.js';
import type { FlowSend, Hop, ProbeResult } from '../verdict/types.js';
import type { Answer, PacketOpinion } from './opinion.js';

/** The kernel's opinion, found with real packets. */
export class KernelOpinion implements PacketOpinion {
  readonly name = 'kernel';
  readonly #live: Lab;

  constructor(live: Lab) {
    this.#live = live;
  }

  async probe(questions: readonly ProbeSpec[]): Promise<Answer[]> {
    const { cloud, traffic } = this.#live;
    const asked = questions.map((spec) => ({ from: spec.from, to: spec.to, question: resolveProbe(cloud, spec) }));
    const distinct = asked.filter(({ question }) => isDistinct(question));
    const results = new Map<object, ProbeResult>();
    for (const [at, result] of (await traffic.prober.probeAll(distinct)).entries())
      results.set(distinct[at] ?? {}, result);
    for (const each of asked) if (!results.has(each)) results.set(each, await traffic.prober.probe(each));
    return asked.flatMap((each) => results.get(each) ?? []).map(kernelAnswer);
  }

  async packet(packet: PacketSpec): Promise<Answer> {
    const { outcome, stage, leg, rule } = await this.#live.traffic.packets.send(packet);
    return { outcome, stage, leg, rules: rule === null ? [] : [rule] };
  }

  async open(flow: string, question: ProbeSpec): Promise<Answer> {
    return kernelAnswer(await this.#live.traffic.openFlow(flow, question, 'both'));
  }

  async exchange(flow: string, send: FlowSend): Promise<Answer> {
    const { outcome, stage, leg } = await this.#live.traffic.flows.exchange(flow, send);
    return { outcome, stage, leg, rules: [] };
  }

  async end(flow: string): Promise<void> {
    await this.#live.traffic.flows.end(flow);
  }

  async mutate(mutation: Mutation): Promise<void> {
    await this.#live.mutate(mutation);
  }

  async advance(seconds: number): Promise<void> {
    await this.#live.advance(seconds);
  }
}

/** Flows without ports or identifier are identified by their addresses alone: each may belong to the one before. */
function isDistinct({ protocol }: ProbeQuestion): boolean {
  return hasPorts(protocol) || isIcmp(protocol);
}

export function kernelAnswer({ outcome, stage, leg, path }: ProbeResult): Answer {
  return { outcome, stage, leg, rules: rulesOf(path) };
}

function rulesOf(path: readonly Hop[]): string[] {
  return path.flatMap(({ rule }) => rule ?? []);
}
