/** Long-lived flows by name: opened, tried again and again while rules change, ended. */
import { randomBytes } from 'node:crypto';
import { byId } from '../cloud/lookup.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import { hintFor } from '../cloud/text/suggest.js';
import type { Cloud } from '../cloud/types.js';
import { EXIT, SglabError } from '../errors.js';
import type { Netns } from '../kernel/netns.js';
import type { WatchedFlow } from '../observe/observer.js';
import { exchangeResult, type NamedFlow, probeResult } from '../observe/results.js';
import { unlessDoubtful } from '../verdict/doubt.js';
import type { FlowOutcome, FlowSend, ProbeResult, TrafficResult } from '../verdict/types.js';
import { Attempt, watchedFlowOf } from './attempt.js';
import type { FlowPorts } from './client.js';
import { Exchange, type ExchangeAnswer } from './exchange.js';
import type { FlowDispatcher, FlowMessage } from './flow-dispatcher.js';
import { openIcmpFlow } from './flow-icmp.js';
import { openRawFlow } from './flow-raw.js';
import { openTcpFlow } from './flow-tcp.js';
import type { FlowTransport, OpenTransport } from './flow-transport.js';
import { openUdpFlow } from './flow-udp.js';
import type { NamedQuestion, Prober, ProberContext } from './prober.js';

const OPEN: Readonly<Record<string, OpenTransport>> = {
  tcp: openTcpFlow,
  udp: openUdpFlow,
  icmp: openIcmpFlow,
  icmpv6: openIcmpFlow,
};

/** A flow's packets as others have to know them. */
export interface OpenFlow extends NamedFlow {
  readonly ports: FlowPorts;
  readonly serverAddress: string;
  readonly keys: WatchedFlow;
}

interface Flow extends OpenFlow {
  readonly transport: FlowTransport;
  readonly token: string;
  /** Its machine. */
  readonly client: Netns;
  serial: number;
}

export class Flows {
  readonly #context: ProberContext;
  readonly #prober: Prober;
  readonly #dispatcher: FlowDispatcher;
  readonly #flows = new Map<string, Flow>();
  /** Those under way, by the token of their flow: a late answer of one flow is none of another. */
  readonly #exchanges = new Map<string, Exchange>();
  /** Why the client's socket gave up. */
  readonly #closedReason = new Map<string, string>();

  constructor(context: ProberContext, prober: Prober, dispatcher: FlowDispatcher) {
    this.#context = context;
    this.#prober = prober;
    this.#dispatcher = dispatcher;
  }

  /**
   * Opens a flow. Unless its outcome is `connected` nothing of it is left.
   * @param send `client`: the server does not answer the first packet (not for TCP)
   * @throws SglabError for a name in use, and for a server that is none of sglab's own
   */
  async open(name: string, named: NamedQuestion, send: 'client' | 'both' = 'both'): Promise<ProbeResult> {
    if (this.#flows.has(name)) throw new SglabError('InvalidFlow', `the flow ${name} is open already`);
    const cloud = this.#context.cloud();
    const first: FlowMessage = {
      token: randomBytes(8).toString('hex'),
      serial: 1,
      from: 'client',
      answer: send === 'both',
    };
    const { opening, serverAddress, client } = this.#start(cloud, name, named.question, first);
    const { attempt, transport, ports } = opening;
    let isOpen = false;
    try {
      const answer = await attempt.done();
      const doubt = await this.#context.doubt(named.question);
      const result = unlessDoubtful(await probeResult(cloud, named, attempt, answer), doubt);
      if (result.outcome !== 'connected') return result;
      const untracked = attempt.seen.flatMap((seen) => (seen.untracked ? [seen.interface] : []));
      const keys = watchedFlowOf(cloud, named.question, ports);
      const known = { ...named, name, ports, serverAddress, transport, token: first.token, client };
      const flow = { ...known, keys, untracked, serial: 1 };
      // The handshake of TCP carries nothing: only a message tells which of the server's connections it is.
      if (named.question.protocol === 'tcp') await this.#greet(flow);
      this.#flows.set(name, flow);
      isOpen = true;
      return result;
    } finally {
      if (!isOpen) {
        transport.abandon();
        this.#closedReason.delete(name);
      }
    }
  }

  /** Sends the first packet. Whoever does not wait for an answer has its connection when the server has the message. */
  #start(cloud: Cloud, name: string, question: ProbeQuestion, first: FlowMessage) {
    const serverAddress = addressAtServer(cloud, question);
    const client = this.#prober.client(cloud, question, question.from);
    const server = this.#prober.client(cloud, question, question.to);
    let attempt: Attempt | null = null;
    const decide = (message: FlowMessage) => {
      if (message.serial === first.serial) attempt?.answer('connected');
    };
    const opening = (OPEN[question.protocol] ?? openRawFlow)({
      client,
      server,
      serverAddress,
      dispatcher: this.#dispatcher,
      question,
      first,
      startAttempt: (ports) => {
        attempt = new Attempt(cloud, this.#context, question, ports);
        return attempt;
      },
      events: {
        atServer: (message) => {
          if (!first.answer) decide(message);
          this.#exchanges.get(first.token)?.atServer(message.serial);
        },
        atClient: (message) => {
          if (first.answer) decide(message);
          this.#exchanges.get(first.token)?.atClient(message.serial);
        },
        onClosed: (error) => {
          this.#closedReason.set(name, error);
          this.#exchanges.get(first.token)?.onClosed(error);
        },
      },
    });
    return { opening, serverAddress, client: client.netns };
  }

  /** One more exchange. @throws SglabError for a flow that is not open */
  async exchange(name: string, send: FlowSend): Promise<TrafficResult<FlowOutcome>> {
    const flow = this.get(name);
    const started = performance.now();
    const answer = await this.#send(flow, send);
    const result = exchangeResult(this.#context.cloud(), flow, { ...answer, send, ms: performance.now() - started });
    return unlessDoubtful(result, await this.#context.doubt(flow.question));
  }

  /** Ends it as its protocol does. @throws SglabError for a flow that is not open */
  async end(name: string): Promise<void> {
    const { transport } = this.get(name);
    this.#flows.delete(name);
    this.#closedReason.delete(name);
    await transport.finish();
  }

  /** @throws SglabError for a flow that is not open */
  get(name: string): Flow {
    const flow = this.#flows.get(name);
    if (flow !== undefined) return flow;
    const hint = hintFor(name, [...this.#flows.keys()]);
    throw new SglabError('InvalidFlow', `there is no open flow ${name}`, {
      exitCode: EXIT.expectationFailed,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /** Ends those whose client's machine is gone. The client of a server that is gone does not know it, and goes on. */
  forgetGone(): void {
    for (const [name, { client, transport }] of this.#flows) {
      if (this.#context.namespaces.holds(client)) continue;
      transport.abandon();
      this.#flows.delete(name);
      this.#closedReason.delete(name);
    }
  }

  /** Ends every flow at once. */
  close(): void {
    for (const { transport } of this.#flows.values()) transport.abandon();
    this.#flows.clear();
    this.#closedReason.clear();
  }

  async #greet(flow: Flow): Promise<void> {
    const { outcome, reason } = await this.#send(flow, 'both');
    if (outcome === 'goes-on') return;
    throw new SglabError(
      'InvalidFlow',
      `${flow.to} accepted the flow ${flow.name}, but its server did not answer: ${reason ?? outcome}`,
      { exitCode: EXIT.expectationFailed, hint: 'flows need one of the servers that `listen:` starts' },
    );
  }

  async #send(flow: Flow, send: FlowSend): Promise<ExchangeAnswer> {
    flow.serial += 1;
    const exchange = new Exchange(this.#context, flow.keys, flow.serial, send);
    this.#exchanges.set(flow.token, exchange);
    const from = send === 'server' ? 'server' : 'client';
    const message: FlowMessage = { token: flow.token, serial: flow.serial, from, answer: send === 'both' };
    const onClosed = this.#closedReason.get(flow.name);
    if (onClosed === undefined) {
      const failed =
        from === 'server' ? flow.transport.sendFromServer(message) : flow.transport.sendFromClient(message);
      if (failed !== null) exchange.fail(`the ${from} could not send: ${failed}`);
    } else {
      exchange.onClosed(onClosed);
    }
    try {
      return await exchange.done();
    } finally {
      this.#exchanges.delete(flow.token);
      if (!this.#closedReason.has(flow.name)) flow.transport.settle();
    }
  }
}

/** The server's address as the server knows it: the internet gateway translates the public one. */
function addressAtServer(cloud: Cloud, { to, destinationAddress }: NamedQuestion['question']): string {
  if (to.kind === 'external') return destinationAddress;
  const { publicIp, privateIpAddresses } = byId(cloud.networkInterfaces, to.interfaceId);
  return destinationAddress === publicIp ? (privateIpAddresses[0] ?? destinationAddress) : destinationAddress;
}
