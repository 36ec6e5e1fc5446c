/** Puts questions with real packets and says what became of them. */
import { setMaxListeners } from 'node:events';
import pMap from 'p-map';
import { byId } from '../cloud/lookup.js';
import type { Endpoint } from '../cloud/text/endpoint.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { hostNamespace, instanceNamespace } from '../kernel/lab-names.js';
import type { OpenNamespaces } from '../kernel/netns.js';
import { probeResult } from '../observe/results.js';
import { isSelfAddressed } from '../observe/self-addressed.js';
import { unlessDoubtful } from '../verdict/doubt.js';
import type { ProbeResult } from '../verdict/types.js';
import { Attempt } from './attempt.js';
import { type Client, type FlowPorts, PortPool } from './client.js';
import { IcmpSockets } from './icmp-sockets.js';
import type { Ears } from './patience.js';
import { type ProbeTransport, probeIcmp, probeRaw, probeTcp, probeUdp } from './probe-transport.js';

/** More at once gains nothing on two cores, and the kernel's report queues stay far from full. */
const CONCURRENCY = 64;

const TRANSPORTS: Readonly<Record<string, ProbeTransport>> = {
  tcp: probeTcp,
  udp: probeUdp,
  icmp: probeIcmp,
  icmpv6: probeIcmp,
};

export interface ProberContext extends Ears {
  readonly namespaces: OpenNamespaces;
  /** Why no verdict on this question would be about the lab's rules; null: the kernel has what the lab wrote. */
  doubt(question: ProbeQuestion): Promise<string | null>;
  /** The cloud of the moment: rules are named by it. */
  cloud(): Cloud;
}

export interface NamedQuestion {
  /** The words by which the two ends were named. */
  readonly from: string;
  readonly to: string;
  readonly question: ProbeQuestion;
}

export class Prober {
  readonly #context: ProberContext;
  readonly #clients = new Map<string, Client>();

  constructor(context: ProberContext) {
    this.#context = context;
  }

  /** @param signal ends the wait for an answer at once */
  async probe({ from, to, question }: NamedQuestion, signal?: AbortSignal): Promise<ProbeResult> {
    signal?.throwIfAborted();
    const cloud = this.#context.cloud();
    const ask = TRANSPORTS[question.protocol] ?? probeRaw;
    const startAttempt = (ports: FlowPorts) => new Attempt(cloud, this.#context, question, ports);
    const { attempt, stop } = ask(this.client(cloud, question, question.from), question, startAttempt);
    const abandon = () => attempt.answer('unknown', 'nobody waits for the answer any more');
    signal?.addEventListener('abort', abandon);
    try {
      const answer = await attempt.done();
      const result = await probeResult(cloud, { from, to }, attempt, answer);
      return unlessDoubtful(result, await this.#context.doubt(question));
    } finally {
      signal?.removeEventListener('abort', abandon);
      stop();
    }
  }

  /** Many at once; the results come in the order of the questions. @param onProgress told after each */
  probeAll(
    questions: readonly NamedQuestion[],
    { signal, onProgress }: { readonly signal?: AbortSignal; readonly onProgress?: () => void } = {},
  ): Promise<ProbeResult[]> {
    // Each probe under way listens to it: that is no leak, of which Node.js would warn.
    if (signal !== undefined) setMaxListeners(CONCURRENCY, signal);
    const ask = (question: NamedQuestion) => this.probe(question, signal).finally(onProgress);
    return pMap(questions, ask, { concurrency: CONCURRENCY });
  }

  /** Lets go of machines that are gone. */
  forgetGone(): void {
    for (const [key, { netns, icmp }] of this.#clients) {
      if (this.#context.namespaces.holds(netns)) continue;
      icmp.close();
      this.#clients.delete(key);
    }
  }

  close(): void {
    for (const client of this.#clients.values()) client.icmp.close();
    this.#clients.clear();
  }

  /** What sends from an end of a question, and hears what arrives there. */
  client(cloud: Cloud, question: ProbeQuestion, end: Endpoint): Client {
    const { namespace, device } = networkLocationOf(cloud, question, end);
    const key = `${namespace} ${device}`;
    const netns = this.#context.namespaces.netns(namespace);
    const known = this.#clients.get(key);
    if (known?.netns === netns) return known;
    const icmp = new IcmpSockets(netns, device);
    const client = { netns, device, icmp, epoll: this.#context.epoll, ports: new PortPool() };
    this.#clients.set(key, client);
    return client;
  }
}

/** Where the packets of an end leave and arrive. */
interface Place {
  readonly namespace: string;
  /** The link that raw packets leave through; null where the machine has only one. */
  readonly device: string | null;
}

export function networkLocationOf(cloud: Cloud, question: ProbeQuestion, end: Endpoint): Place {
  if (end.kind === 'external') return { namespace: hostNamespace(cloud.name, end.name), device: null };
  const eni = byId(cloud.networkInterfaces, end.interfaceId);
  const instance = byId(cloud.instances, eni.instanceId);
  const device =
    instance.interfaceIds.length === 1 || isSelfAddressed(cloud, question) ? null : `eth${eni.deviceIndex}`;
  return { namespace: instanceNamespace(cloud.name, instance.name), device };
}
