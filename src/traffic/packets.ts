/** Single packets, written byte for byte: whether one arrives on its destination's link, or who drops it. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { byId } from '../cloud/lookup.js';
import { formatAddress, parseAddress, parseCidr } from '../cloud/network/cidr.js';
import { isIcmpError, PROTOCOL, protocolNumber } from '../cloud/protocol.js';
import type { Endpoint } from '../cloud/text/endpoint.js';
import { type PacketSpec, resolvePacket } from '../cloud/text/packet-spec.js';
import type { ProbeQuestion } from '../cloud/text/probe.js';
import type { Cloud } from '../cloud/types.js';
import { openCapture } from '../kernel/capture.js';
import { ROUTER_MAC } from '../kernel/lab-names.js';
import { sendThroughLink } from '../kernel/link-socket.js';
import type { Netns } from '../kernel/netns.js';
import type { WatchedFlow } from '../observe/observer.js';
import { packetResult } from '../observe/results.js';
import type { Seen } from '../observe/sighting.js';
import { unlessDoubtful } from '../verdict/doubt.js';
import type { PacketOutcome, TrafficResult } from '../verdict/types.js';
import { watchedFlowOf } from './attempt.js';
import { type FlowPorts, PortPool } from './client.js';
import type { Flows } from './flows.js';
import { fragments, ipPacket, withChecksum } from './packet-bytes.js';
import { afterListening, deafness } from './patience.js';
import { networkLocationOf, type ProberContext } from './prober.js';
import { fabricatedPacket, packetOfFlow, type QuotedPacket } from './quoted-packet.js';
import { quotedTransport, transportBytes } from './transport-bytes.js';

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
    const { packets, length } = writePackets(spec, question, { ports, quoted, token });
    const sender = networkLocationOf(cloud, question, question.from);
    const receiver = networkLocationOf(cloud, question, question.to);
    const started = performance.now();
    const seen: Seen[] = [];
    let decide: (outcome: PacketOutcome) => void = () => {};
    const decided = new Promise<PacketOutcome>((resolve) => {
      decide = resolve;
    });
    const unwatch = this.#context.observer.watch(this.#keys(spec, question, ports, quoted), (each) => {
      if (each.error !== (quoted !== null) || (quoted === null && each.leg === 'reply')) return;
      seen.push({ ...each, leg: 'request' });
      if (each.verdict === 'drop') decide('dropped');
    });
    const { namespace, device } = receiver;
    const link = { netns: this.#context.namespaces.netns(namespace), name: device ?? 'eth0' };
    const arrival = watchArrival(link, { token, length }, () => decide('delivered'));
    const stopWaiting = afterListening(this.#context.epoll, LIMIT_MS, () => decide('unknown'));
    try {
      const macAddress = linkDestination(cloud, question.from, question.destinationAddress);
      const netns = this.#context.namespaces.netns(sender.namespace);
      sendThroughLink(netns, { link: sender.device ?? 'eth0', macAddress, family: question.family, packets });
      const outcome = await decided;
      const ms = performance.now() - started;
      const isSettled = outcome === 'dropped' ? packets.length === 1 : seen.some(isAdmission);
      if (outcome !== 'unknown' && !isSettled) await sleep(EVIDENCE_MS);
      const reason = deafness(this.#context, started);
      const evidence = { ...spec.probe, question, outcome, reason, seen, ms, bytes: arrival.bytes, length };
      return unlessDoubtful(packetResult(cloud, evidence), await this.#context.doubt(question));
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
    return fabricatedPacket(question, { source: this.#ports.take(), destination: this.#ports.take() });
  }

  /** As the packet looks before and after each address translation; an error is known by what it quotes. */
  #keys(spec: PacketSpec, question: ProbeQuestion, ports: FlowPorts, quoted: QuotedPacket | null): WatchedFlow {
    const cloud = this.#context.cloud();
    if (spec.about !== null) return this.#flows.get(spec.about).keys;
    if (quoted === null) {
      const hasPorts = ([PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.icmp, PROTOCOL.icmpv6] as number[]).includes(
        protocolNumber(question.protocol),
      );
      return watchedFlowOf(cloud, question, hasPorts ? ports : { source: 0, destination: 0 });
    }
    const about = { ...question, from: question.to, to: question.from, protocol: String(quoted.protocol) };
    const addresses = { sourceAddress: quoted.source, destinationAddress: quoted.destination };
    return watchedFlowOf(cloud, { ...about, ...addresses }, quoted.ports);
  }
}

interface PacketContent {
  readonly ports: FlowPorts;
  /** The packet that an ICMP error is about; null for anything else. */
  readonly quoted: QuotedPacket | null;
  /** Repeated through the whole content. */
  readonly token: Buffer;
}

/** @returns the packets as they leave, and how many bytes stand behind the IP header, in all of them together */
function writePackets(
  spec: PacketSpec,
  { family, sourceAddress, destinationAddress, protocol }: ProbeQuestion,
  { ports, quoted, token }: PacketContent,
): { packets: Buffer[]; length: number } {
  const number = protocolNumber(protocol);
  const size = spec.fragment === null ? SHORT_CONTENT : spec.fragment * FRAGMENTS;
  const content = Buffer.alloc(size, token);
  const { hopLimit } = spec;
  const quote =
    quoted &&
    ipPacket({ family, hopLimit, ...quoted, payload: quotedTransport(quoted.protocol, quoted.ports, family) });
  const payload = transportBytes(spec, number, { ports, quote, content });
  const datagram = withChecksum({
    family,
    protocol: number,
    source: sourceAddress,
    destination: destinationAddress,
    hopLimit,
    payload,
  });
  const packets = spec.fragment === null ? [ipPacket(datagram)] : fragments(datagram, spec.fragment);
  return { packets, length: payload.length };
}

function isAdmission({ verdict, stage }: Seen): boolean {
  return verdict === 'pass' && stage === 'sg-ingress';
}

const ETHERNET_HEADER = 14;

interface Arrival {
  /** Bytes of the packet's payload that have come, whatever their order; those of every fragment carry the token. */
  readonly bytes: number;
  close(): void;
}

interface ExpectedPacket {
  /** Stands in every 16 bytes of the content. */
  readonly token: Buffer;
  /** Bytes behind the IP header, in all fragments together. */
  readonly length: number;
}

function watchArrival(
  link: { readonly netns: Netns; readonly name: string },
  { token, length }: ExpectedPacket,
  onWhole: () => void,
): Arrival {
  const starts = new Set<number>();
  let bytes = 0;
  const capture = openCapture(link.netns, link.name, {}, (frame) => {
    const part = readPart(frame.subarray(ETHERNET_HEADER));
    if (part === null || starts.has(part.offset) || !part.payload.includes(token)) return;
    starts.add(part.offset);
    bytes += part.payload.length;
    if (bytes >= length) onWhole();
  });
  return {
    get bytes() {
      return bytes;
    },
    close: () => capture.close(),
  };
}

/** What a packet or fragment carries, and where in the whole that belongs; null for what is no IP packet. */
function readPart(packet: Buffer): { offset: number; payload: Buffer } | null {
  const version = (packet[0] ?? 0) >> 4;
  if (version === 4 && packet.length >= 20) {
    const header = (packet.readUInt8(0) & 0xf) * 4;
    const end = packet.readUInt16BE(2);
    return { offset: (packet.readUInt16BE(6) & 0x1fff) * 8, payload: packet.subarray(header, end) };
  }
  if (version !== 6 || packet.length < 48) return null;
  const end = 40 + packet.readUInt16BE(4);
  if (packet.readUInt8(6) !== 44) return { offset: 0, payload: packet.subarray(40, end) };
  return { offset: packet.readUInt16BE(42) & 0xfff8, payload: packet.subarray(48, end) };
}

/** The address on the link that a sender puts on a packet: the router's, or that of all or some machines at once. */
function linkDestination(cloud: Cloud, from: Endpoint, destination: string): string {
  const { family, value } = parseAddress(destination);
  if (family === 'ipv6') {
    return value >> 120n === 0xffn ? macAddress((0x3333n << 32n) | (value & 0xffff_ffffn)) : ROUTER_MAC;
  }
  if (value >> 28n === 0xen) return macAddress(0x0100_5e00_0000n | (value & 0x7f_ffffn));
  return destination === '255.255.255.255' || destination === subnetBroadcast(cloud, from)
    ? 'ff:ff:ff:ff:ff:ff'
    : ROUTER_MAC;
}

function subnetBroadcast(cloud: Cloud, from: Endpoint): string | null {
  if (from.kind === 'external') return null;
  const { subnetId } = byId(cloud.networkInterfaces, from.interfaceId);
  return formatAddress('ipv4', parseCidr(byId(cloud.subnets, subnetId).cidr).last);
}

function macAddress(value: bigint): string {
  return (value.toString(16).padStart(12, '0').match(/../g) ?? []).join(':');
}
