/** Single packets, written byte for byte: whether one arrives on its destination's link, or who drops it. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { protocolNumber } from '../cloud/protocol.js';
import { isIcmpError } from '../cloud/text/icmp-error.js';
import { type PacketSpec, resolvePacket } from '../cloud/text/packet-spec.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import { sendThroughLink } from '../kernel/link-socket.js';
import type { WatchedFlow } from '../observe/observer.js';
import { PROTOCOL } from '../observe/packet.js';
import { packetResult } from '../observe/packet-verdict.js';
import type { Seen } from '../observe/sighting.js';
import type { PacketOutcome, TrafficResult } from '../verdict/types.js';
import { watchArrival } from './arrival.js';
import type { FlowPorts } from './ask.js';
import type { Flows } from './flows.js';
import { linkDestination } from './link-destination.js';
import { fragments, ipPacket, withChecksum } from './packet-bytes.js';
import { whenTimeIsOver } from './patience.js';
import { placeOf } from './place.js';
import { PortPool } from './port-pool.js';
import type { ProberContext } from './prober.js';
import { inventedPacket, packetOfFlow, type QuotedPacket } from './quoted-packet.js';
import { quotedTransport, transportBytes } from './transport-bytes.js';
import { watchedKeys } from './watched-keys.js';

/** How long a packet may take when nothing was reported as dropped. */
const LIMIT_MS = 1000;
/** How long the kernel's word may come after the packet, and fragments after the first one was dropped. */
const EVIDENCE_MS = 20;
const TOKEN_BYTES = 8;
const SHORT_CONTENT = 32;
/** A fragmented packet fills so many fragments. */
const FRAGMENTS = 3;

export class Packets {
  readonly #context: ProberContext;
  readonly #flows: Flows;
  readonly #ports = new PortPool();

  constructor(context: ProberContext, flows: Flows) {
    this.#context = context;
    this.#flows = flows;
  }

  /** Sends one packet. @throws CloudError for words that name nothing, SglabError for a flow that is not open */
  async send(spec: PacketSpec): Promise<TrafficResult<PacketOutcome>> {
    const cloud = this.#context.cloud();
    const question = resolvePacket(cloud, spec);
    const ports = this.#portsOf(spec, question);
    const quoted = this.#quoted(spec, question);
    const token = Buffer.from(randomBytes(TOKEN_BYTES / 2).toString('hex'));
    const { packets, length } = this.#write(spec, question, ports, quoted, token);
    const sender = placeOf(cloud, question, question.from);
    const receiver = placeOf(cloud, question, question.to);
    const started = performance.now();
    const seen: Seen[] = [];
    let decide: (outcome: PacketOutcome) => void = () => {};
    const decided = new Promise<PacketOutcome>((resolve) => {
      decide = resolve;
    });
    const unwatch = this.#context.observer.watch(this.#keys(spec, question, ports, quoted), (sighting, leg, error) => {
      if (error !== (quoted !== null) || (quoted === null && leg === 'reply')) return;
      seen.push({ sighting, leg: 'request', error });
      if (sighting.verdict === 'drop') decide('dropped');
    });
    const { namespace, device } = receiver;
    const arrival = watchArrival(this.#context.netns(namespace), device ?? 'eth0', token, length, () =>
      decide('delivered'),
    );
    const stopWaiting = whenTimeIsOver(LIMIT_MS, () => decide('unknown'));
    try {
      const macAddress = linkDestination(cloud, question.from, question.destinationAddress);
      const netns = this.#context.netns(sender.namespace);
      sendThroughLink(netns, sender.device ?? 'eth0', macAddress, question.family, packets);
      const outcome = await decided;
      const ms = performance.now() - started;
      const isSettled = outcome === 'dropped' ? packets.length === 1 : seen.some(isAdmission);
      if (outcome !== 'unknown' && !isSettled) await sleep(EVIDENCE_MS);
      return packetResult(cloud, { ...spec.probe, question, outcome, seen, ms, bytes: arrival.bytes, length });
    } finally {
      stopWaiting();
      arrival.close();
      unwatch();
    }
  }

  #portsOf({ probe, sourcePort, port }: PacketSpec, { protocol }: ProbeQuestion): FlowPorts {
    const source = sourcePort ?? this.#ports.take();
    const isIcmp = protocol === 'icmp' || protocol === 'icmpv6';
    return { source, destination: isIcmp ? source : (probe.port ?? port ?? 0) };
  }

  #quoted(spec: PacketSpec, question: ProbeQuestion): QuotedPacket | null {
    if (spec.about !== null) return packetOfFlow(this.#context.cloud(), this.#flows.get(spec.about), question);
    if (!isIcmpError(spec.probe)) return null;
    return inventedPacket(question, { source: this.#ports.take(), destination: this.#ports.take() });
  }

  #write(
    spec: PacketSpec,
    { family, sourceAddress, destinationAddress, protocol }: ProbeQuestion,
    ports: FlowPorts,
    quoted: QuotedPacket | null,
    token: Buffer,
  ): { packets: Buffer[]; length: number } {
    const number = protocolNumber(protocol);
    const size = spec.fragment === null ? SHORT_CONTENT : spec.fragment * FRAGMENTS;
    const content = Buffer.alloc(size, token);
    const quote =
      quoted && ipPacket({ family, ...quoted, payload: quotedTransport(quoted.protocol, quoted.ports, family) });
    const payload = transportBytes(spec, number, ports, quote, content);
    const datagram = withChecksum({
      family,
      protocol: number,
      source: sourceAddress,
      destination: destinationAddress,
      payload,
    });
    const packets = spec.fragment === null ? [ipPacket(datagram)] : fragments(datagram, spec.fragment);
    return { packets, length: payload.length };
  }

  /** As the packet looks before and after each address translation; an error is known by what it quotes. */
  #keys(spec: PacketSpec, question: ProbeQuestion, ports: FlowPorts, quoted: QuotedPacket | null): WatchedFlow {
    const cloud = this.#context.cloud();
    if (spec.about !== null) return this.#flows.get(spec.about).keys;
    if (quoted === null) {
      const hasPorts = ([PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmp, PROTOCOL.icmpv6] as number[]).includes(
        protocolNumber(question.protocol),
      );
      return watchedKeys(cloud, question, hasPorts ? ports : { source: 0, destination: 0 });
    }
    const about = { ...question, from: question.to, to: question.from, protocol: String(quoted.protocol) };
    const addresses = { sourceAddress: quoted.source, destinationAddress: quoted.destination };
    return watchedKeys(cloud, { ...about, ...addresses }, quoted.ports);
  }
}

function isAdmission({ sighting }: Seen): boolean {
  return sighting.verdict === 'pass' && sighting.stage === 'sg-ingress';
}
