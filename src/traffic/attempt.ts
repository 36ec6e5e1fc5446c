/** A probe in progress: the reports about its packets, and its client's outcome. */

import { forwardedPort } from '../cloud/instances/forwarding.js';
import { traitsOfInterface } from '../cloud/instances/kinds.js';
import { byId } from '../cloud/lookup.js';
import { protocolNumber } from '../cloud/protocol.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { addressesOnPath, forwardedEnds } from '../observe/address-aliases.js';
import { flowKey } from '../observe/flow-key.js';
import type { WatchedFlow } from '../observe/observer.js';
import type { Answer, Evidence } from '../observe/results.js';
import { isSelfAddressed } from '../observe/self-addressed.js';
import type { Seen } from '../observe/sighting.js';
import type { Outcome } from '../verdict/types.js';
import type { FlowPorts } from './client.js';
import { afterListening, deafness, type Ears } from './patience.js';

/** How long an answer may take if no drop is reported, in milliseconds. */
const LIMIT_MS = 3000;
/** How long the kernel's report of an admitted packet may come after the answer to it, in milliseconds. */
const EVIDENCE_MS = 200;

export class Attempt implements Evidence {
  readonly question: ProbeQuestion;
  readonly seen: Seen[] = [];
  readonly flow: WatchedFlow;
  readonly started = performance.now();
  ms = 0;
  readonly #ears: Ears;
  #answer: Answer | null = null;
  #finish: ((answer: Answer) => void) | null = null;
  readonly #inside: boolean;
  readonly #reportingCards: ReportingCards;
  readonly #unwatch: () => void;
  #stopWaiting = () => {};

  /** @param ports source and destination port, or the echo identifier twice */
  constructor(cloud: Cloud, ears: Ears, question: ProbeQuestion, ports: FlowPorts) {
    this.question = question;
    this.flow = watchedFlowOf(cloud, question, ports);
    this.#ears = ears;
    this.#inside = isSelfAddressed(cloud, question);
    this.#reportingCards = reportingCardsOf(cloud, question);
    this.#unwatch = ears.observer.watch(this.flow, (seen) => {
      this.seen.push(seen);
      if (seen.verdict === 'drop') this.answer('timed-out');
      else if (this.#answer !== null) this.#conclude();
    });
  }

  /** Records the client's outcome; the first one counts. */
  answer(outcome: Outcome, reason: string | null = null): void {
    this.#decide({ outcome, reason, isSilence: false });
  }

  #decide(answer: Answer): void {
    if (this.#answer !== null) return;
    this.#answer = answer;
    this.ms = performance.now() - this.started;
    this.#conclude();
  }

  /** Resolves when the client has an outcome and the kernel has reported on both cards, if it does. */
  async done(): Promise<Answer> {
    this.#stopWaiting = afterListening(this.#ears.epoll, LIMIT_MS, () => this.#onLimit());
    const answer = await new Promise<Answer>((resolve) => {
      this.#finish = resolve;
      this.#conclude();
    });
    this.#stopWaiting();
    this.#unwatch();
    return answer;
  }

  #conclude(): void {
    if (this.#answer === null || this.#finish === null) return;
    if (this.#expectedAdmissions().every((ids) => ids.some((id) => this.#isAdmitted(id)))) {
      this.#finish(this.#answer);
      return;
    }
    const [finish, answer] = [this.#finish, this.#answer];
    this.#stopWaiting();
    this.#stopWaiting = afterListening(this.#ears.epoll, EVIDENCE_MS, () => finish(answer));
  }

  /** Cards that must report the first packet: the sender's and the receiver's; of those behind a balancer, any one. */
  #expectedAdmissions(): readonly (readonly string[])[] {
    const { from, to } = this.question;
    if (this.#inside) return [];
    const drop = this.seen.find(({ verdict, leg }) => verdict === 'drop' && leg === 'request');
    const isStoppedAtSender = drop !== undefined && from.kind === 'interface' && drop.interface === from.interfaceId;
    const sender =
      from.kind === 'interface' && this.#reportingCards.egress && !isStoppedAtSender ? [[from.interfaceId]] : [];
    const receiver = to.kind === 'interface' && this.#reportingCards.ingress ? [[to.interfaceId]] : [];
    const behind = this.#reportingCards.behind.length > 0 ? [this.#reportingCards.behind] : [];
    return drop === undefined ? [...sender, ...receiver, ...behind] : sender;
  }

  #isAdmitted(interfaceId: string): boolean {
    return this.seen.some(
      (seen) => seen.leg === 'request' && seen.verdict === 'pass' && seen.interface === interfaceId,
    );
  }

  #onLimit(): void {
    const { to } = this.question;
    const deaf = deafness(this.#ears, this.started);
    const isThere = to.kind === 'interface' && this.#isAdmitted(to.interfaceId);
    const unknown = `no answer came within ${LIMIT_MS} ms, and ${deaf ?? 'no place reported the packet as dropped'}`;
    const isSilent = isThere && deaf === null;
    this.#decide({
      outcome: isSilent ? 'timed-out' : 'unknown',
      reason: isSilent ? null : unknown,
      isSilence: true,
    });
  }
}

/** The cards that report a rule: for some kinds of machine no rules apply. */
interface ReportingCards {
  readonly egress: boolean;
  readonly ingress: boolean;
  /** Interfaces behind the balancer to which the probe is addressed. */
  readonly behind: readonly string[];
}

function reportingCardsOf(cloud: Cloud, question: ProbeQuestion): ReportingCards {
  const { from, to } = question;
  const traits = (end: ProbeQuestion['from']) =>
    end.kind === 'interface' ? traitsOfInterface(cloud, byId(cloud.networkInterfaces, end.interfaceId)) : null;
  const forwarded = to.kind === 'interface' ? forwardedPort(cloud, to.interfaceId, question) : null;
  return {
    egress: traits(from)?.egress === 'rules',
    ingress: traits(to)?.ingress === 'rules',
    behind: forwarded?.targetIds ?? [],
  };
}

/**
 * The flow under every pair of addresses that its ends may appear with. Forwarders change addresses and ports; they
 * keep the client's port, as every probe has one of its own.
 */
export function watchedFlowOf(cloud: Cloud, question: ProbeQuestion, ports: FlowPorts): WatchedFlow {
  const sources = addressesOnPath(cloud, question.from, question.sourceAddress);
  const destinations = addressesOnPath(cloud, question.to, question.destinationAddress);
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
