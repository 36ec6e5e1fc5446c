/** Puts the packets of several links and cards into one order, and each verdict with the packet that it is about. */
import { PROTOCOL } from '../../cloud/protocol.js';
import type { Cloud } from '../../cloud/types.js';
import { addressAliases } from '../../observe/address-aliases.js';
import { type Packet, parsePacket } from '../../observe/packet.js';
import { ETHERNET_HEADER, type PacketReport } from '../../observe/packet-report.js';
import { LOG_SNAPLEN } from '../../ruleset/names.js';
import type { CaptureTarget, SeenPacket } from './types.js';

/** How long after a packet its verdicts may follow: routers first ask for the next one's link address. Microseconds. */
export const MARGIN = 100_000;

const CHECKSUM_AT: ReadonlyMap<number, number> = new Map([
  [PROTOCOL.tcp, 16],
  [PROTOCOL.udp, 6],
  [PROTOCOL.icmp, 2],
  [PROTOCOL.icmpv6, 2],
]);
/** Behind it an ICMP error quotes a packet, whose addresses are translated as well. */
const ICMP_HEADER = 8;

type Captured = Omit<SeenPacket, 'interface' | 'comments'>;

interface Reported {
  readonly report: PacketReport;
  /** The verdict in words. */
  readonly words: string;
  /** `report.frame`, decoded. */
  readonly frame: Buffer;
}

/** Things by key, each with a time, forgotten when they are old. */
class Recent<T> {
  readonly #byKey = new Map<string, { readonly time: number; readonly value: T }[]>();

  add(key: string, time: number, value: T): void {
    const known = this.#byKey.get(key);
    if (known === undefined) this.#byKey.set(key, [{ time, value }]);
    else known.push({ time, value });
  }

  about(key: string, time: number): T[] {
    const known = this.#byKey.get(key) ?? [];
    const near = known.filter((each) => Math.abs(each.time - time) <= MARGIN).sort((a, b) => a.time - b.time);
    return near.map(({ value }) => value);
  }

  forget(before: number): void {
    for (const [key, known] of this.#byKey) {
      if (known.every(({ time }) => time < before)) this.#byKey.delete(key);
    }
  }
}

export class Timeline {
  readonly #cloud: Cloud;
  readonly #targets: readonly CaptureTarget[];
  readonly #addresses: ReadonlySet<string>;
  readonly #explain: boolean;
  readonly #reports = new Recent<Reported>();
  /** Names of the interfaces that saw a packet. */
  readonly #seen = new Recent<string>();
  /** Packets to be released; that of a report only if nobody captured it. */
  #waiting: { readonly time: number; readonly key: string | null; readonly make: () => SeenPacket | null }[] = [];

  constructor(cloud: Cloud, targets: readonly CaptureTarget[], explain: boolean) {
    this.#cloud = cloud;
    this.#targets = targets;
    this.#addresses = new Set(targets.flatMap(({ addresses }) => addresses.map((each) => oneAddress(cloud, each))));
    this.#explain = explain;
  }

  addPacket(target: CaptureTarget, captured: Captured): void {
    const { time } = captured;
    const key = this.#explain ? packetKey(this.#cloud, captured.frame.subarray(ETHERNET_HEADER)) : null;
    if (key !== null) this.#seen.add(key, time, target.name);
    const make = () => ({
      ...captured,
      interface: target.name,
      comments: key === null ? [] : this.#comments(key, time),
    });
    this.#waiting.push({ time, key, make });
  }

  addReport(reported: Reported): void {
    const { report, frame } = reported;
    const key = packetKey(this.#cloud, frame.subarray(ETHERNET_HEADER));
    if (key === null) return;
    this.#reports.add(key, report.time, reported);
    if (report.verdict === 'drop' && this.#isAboutTarget(report, frame)) {
      this.#waiting.push({ time: report.time, key, make: () => this.#dropped(reported, key) });
    }
  }

  /** @param until everything that happened until then is known @returns what is complete, in time order */
  release(until: number): SeenPacket[] {
    const ready = this.#waiting.filter(({ time }) => time <= until - MARGIN).sort((a, b) => a.time - b.time);
    this.#waiting = this.#waiting.filter(({ time }) => time > until - MARGIN);
    const released = ready.map(({ make }) => make()).filter((packet) => packet !== null);
    for (const recent of [this.#reports, this.#seen]) recent.forget(until - 3 * MARGIN);
    return released;
  }

  #comments(key: string, time: number): string[] {
    return this.#reports.about(key, time).map(({ words }) => words);
  }

  /** Dropped at its card, or anywhere on its way there. */
  #isAboutTarget(report: PacketReport, frame: Buffer): boolean {
    if (this.#ownerOf(report) !== undefined) return true;
    const packet = parsePacket(frame.subarray(ETHERNET_HEADER));
    return packet !== null && this.#addresses.has(oneAddress(this.#cloud, packet.destination));
  }

  /** The target whose card made the report. */
  #ownerOf({ interface: id }: PacketReport): CaptureTarget | undefined {
    return this.#targets.find(({ interfaceId }) => id !== null && interfaceId === id);
  }

  /** Null when the packet was captured where its drop is about to be shown: its verdict stands there. */
  #dropped({ report, words, frame }: Reported, key: string): SeenPacket | null {
    const { time, place, stage } = report;
    const own = this.#ownerOf(report);
    const seenAt = this.#seen.about(key, time);
    if (own === undefined ? seenAt.length > 0 : seenAt.includes(own.name)) return null;
    const direction = stage === 'sg-egress' && own !== undefined ? 'out' : 'in';
    return { time, interface: place, direction, frame, length: lengthOf(frame), comments: [words] };
  }
}

/** The packet's length by its IP header, because a report keeps only the beginning. */
export function lengthOf(frame: Buffer): number {
  const packet = frame.subarray(ETHERNET_HEADER);
  const version = (packet[0] ?? 0) >> 4;
  const length = version === 4 ? packet.readUInt16BE(2) : 40 + packet.readUInt16BE(4);
  return Math.max(frame.length, ETHERNET_HEADER + length);
}

/**
 * The key by which a card's report is recognised as being about a captured packet: everything that a report keeps of a packet, without
 * what routers, gateways and network cards change, which is lifetime, checksums, and the one of its two addresses that an instance
 * appears by.
 * @param data from the IP header on @returns null for what is no IP packet
 */
function packetKey(cloud: Cloud, data: Buffer): string | null {
  const packet = parsePacket(data);
  if (packet === null) return null;
  const bytes = Buffer.from(data.subarray(0, LOG_SNAPLEN));
  const start = packet.family === 'ipv4' ? (bytes.readUInt8(0) & 0xf) * 4 : 40;
  if (packet.family === 'ipv4') bytes.fill(0, 8, 9).fill(0, 10, 20);
  else bytes.fill(0, 7, 40);
  const checksum = CHECKSUM_AT.get(packet.protocol);
  if (checksum !== undefined)
    bytes.fill(0, Math.min(start + checksum, bytes.length), Math.min(start + checksum + 2, bytes.length));
  const end = isIcmpError(packet) ? start + ICMP_HEADER : bytes.length;
  return `${oneAddress(cloud, packet.source)} ${oneAddress(cloud, packet.destination)} ${bytes.toString('base64', 0, end)}`;
}

function isIcmpError({ icmp }: Packet): boolean {
  return icmp !== null && icmp.about !== null;
}

/** One for both addresses of an instance that has a public one. */
function oneAddress(cloud: Cloud, address: string): string {
  return addressAliases(cloud, address).sort()[0] ?? address;
}
