import type { FlowRecord } from './types.js';

/** Records of one interface that are kept; the oldest make room. */
export const RECORDS_KEPT = 1000;

/** Records of one interface: what belongs to the same flow, verdict and minute is one record that grows. */
export class RecordStore {
  readonly #limit: number;
  readonly #records = new Map<string, FlowRecord>();
  #skipped: { start: number; end: number } | null = null;

  constructor(limit: number = RECORDS_KEPT) {
    this.#limit = limit;
  }

  add(part: FlowRecord): void {
    const key = keyOf(part);
    const before = this.#records.get(key);
    this.#records.set(key, before === undefined ? part : merged(before, part));
    for (const [oldest, { start, end }] of this.#records) {
      if (this.#records.size <= this.#limit) break;
      this.#records.delete(oldest);
      this.skip(start, end);
    }
  }

  /** Says that records of this time are missing. */
  skip(start: number, end: number): void {
    this.#skipped =
      this.#skipped === null
        ? { start, end }
        : { start: Math.min(start, this.#skipped.start), end: Math.max(end, this.#skipped.end) };
  }

  get records(): readonly FlowRecord[] {
    return [...this.#records.values()];
  }

  get skipped(): { readonly start: number; readonly end: number } | null {
    return this.#skipped;
  }
}

/** Joins records of the same flow and verdict into those of a longer interval. @param minutes of the interval */
export function aggregate(records: readonly FlowRecord[], minutes: number): FlowRecord[] {
  const joined = new Map<string, FlowRecord>();
  for (const record of records) {
    const longer = { ...record, minute: Math.floor(record.minute / minutes) * minutes };
    const before = joined.get(keyOf(longer));
    joined.set(keyOf(longer), before === undefined ? longer : merged(before, longer));
  }
  return [...joined.values()];
}

export function keyOf(record: FlowRecord): string {
  const { interfaceId, minute, action, direction, protocol, srcaddr, dstaddr, srcport, dstport } = record;
  const { pktSrcaddr, pktDstaddr, icmp } = record;
  const ends = [srcaddr, srcport, dstaddr, dstport, pktSrcaddr, pktDstaddr];
  const message = icmp === null ? '' : JSON.stringify(icmp);
  return [interfaceId, minute, action, direction, protocol, ...ends, message].join(' ');
}

function merged(one: FlowRecord, other: FlowRecord): FlowRecord {
  const flags = one.tcpFlags === null && other.tcpFlags === null ? null : (one.tcpFlags ?? 0) | (other.tcpFlags ?? 0);
  return {
    ...one,
    packets: one.packets + other.packets,
    bytes: one.bytes + other.bytes,
    start: Math.min(one.start, other.start),
    end: Math.max(one.end, other.end),
    tcpFlags: flags,
    stage: other.stage ?? one.stage,
    rule: other.rule ?? one.rule,
  };
}
