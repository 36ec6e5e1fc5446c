/** Brings what several links and cards saw into one order, and each verdict to the packet that it is about. */
import type { Cloud } from '../../cloud/types.js';
import { parsePacket } from '../../observe/packet.js';
import { ETHERNET_HEADER, type PacketReport } from '../../observe/packet-report.js';
import { oneAddress, packetKey } from './packet-key.js';
import type { CaptureTarget, SeenPacket } from './types.js';

/** How long after a packet its verdicts may follow: routers first ask for the next one's link address. Microseconds. */
export const MARGIN = 100_000;

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
  /** What is to be released; of a report, only if nobody saw its packet. */
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
    const make = () => ({ ...captured, interface: target.name, comments: key === null ? [] : this.#words(key, time) });
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

  #words(key: string, time: number): string[] {
    return this.#reports.about(key, time).map(({ words }) => words);
  }

  /** Dropped at its card, or anywhere on its way there. */
  #isAboutTarget({ interfaceId }: PacketReport, frame: Buffer): boolean {
    if (this.#targets.some((target) => interfaceId !== null && target.interfaceId === interfaceId)) return true;
    const packet = parsePacket(frame.subarray(ETHERNET_HEADER));
    return packet !== null && this.#addresses.has(oneAddress(this.#cloud, packet.destination));
  }

  /** Null when it was seen where it is about to be told: its verdict stands there. */
  #dropped({ report, words, frame }: Reported, key: string): SeenPacket | null {
    const { time, place, interfaceId, stage } = report;
    const own = this.#targets.find((target) => interfaceId !== null && target.interfaceId === interfaceId);
    const seenAt = this.#seen.about(key, time);
    if (own === undefined ? seenAt.length > 0 : seenAt.includes(own.name)) return null;
    const direction = stage === 'sg-egress' && own !== undefined ? 'out' : 'in';
    return { time, interface: place, direction, frame, length: lengthOf(frame), comments: [words] };
  }
}

/** What the IP header says, because a report keeps only the beginning. */
export function lengthOf(frame: Buffer): number {
  const packet = frame.subarray(ETHERNET_HEADER);
  const version = (packet[0] ?? 0) >> 4;
  const length = version === 4 ? packet.readUInt16BE(2) : 40 + packet.readUInt16BE(4);
  return Math.max(frame.length, ETHERNET_HEADER + length);
}
