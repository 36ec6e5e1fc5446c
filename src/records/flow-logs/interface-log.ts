/** The flow log of one interface: what the kernel reported one by one, and what its connections have carried since. */

import type { Direction } from '../../cloud/groups/types.js';
import { PROTOCOL } from '../../cloud/protocol.js';
import type { CountedConnection, Traffic } from '../../kernel/conntrack-counters.js';
import { type FlowEnds, flowKey, isIcmp, keyOfPacket, reverseKeyOfPacket } from '../../observe/flow-key.js';
import type { Packet } from '../../observe/packet.js';
import type { Hop, Stage } from '../../verdict/types.js';
import { RecordStore } from './record-store.js';
import type { FlowRecord, InterfaceRecords, LoggedInterface } from './types.js';

/** A report of a card or router about one packet of the interface. */
export interface FlowReport extends Pick<Hop, 'stage' | 'verdict' | 'rule'> {
  readonly packet: Packet;
  readonly bytes: number;
  readonly tcpFlags: number | null;
  /** Seconds since 1970. */
  readonly time: number;
}

/** When connections are looked at. */
export interface PollContext {
  /** Seconds since 1970. */
  readonly now: number;
  /** The minute of the lab's time. */
  readonly minute: number;
  /** The rule in a connection's mark. */
  readonly ruleOf: (mark: number) => string | null;
}

/** Packets of a flow that are not written yet, because connections have to be looked at first. */
interface PendingRecord {
  /** Packets that no connection counts. */
  readonly uncounted: readonly FlowReport[];
  /** Packets that a connection counts although they were dropped. */
  readonly dropped: Traffic;
}

/** Protocols whose packets connection tracking counts; those of all others are counted by their reports. */
const COUNTED: ReadonlySet<number> = new Set(Object.values(PROTOCOL));
const NOTHING: Traffic = { packets: 0, bytes: 0 };

export class InterfaceLog {
  readonly #store: RecordStore;
  readonly #since: number;
  #about: LoggedInterface;
  /** Connections by id, as they were when they were looked at last. */
  #connections = new Map<number, CountedConnection>();
  /** The keys of both their directions; whether it is the one that answers. */
  readonly #keys = new Map<string, boolean>();
  #polledAt: number;
  /** The first report of each flow since then, by its key. */
  readonly #first = new Map<string, FlowReport>();
  readonly #pending = new Map<string, PendingRecord>();

  constructor(about: LoggedInterface, now: number, store = new RecordStore()) {
    this.#about = about;
    this.#since = now;
    this.#polledAt = now;
    this.#store = store;
  }

  /** The interface's addresses may change while it lives. */
  set about(about: LoggedInterface) {
    this.#about = about;
  }

  /** Something may have been carried that is not written yet. */
  get isActive(): boolean {
    return this.#connections.size + this.#first.size + this.#pending.size > 0;
  }

  get content(): InterfaceRecords {
    const { addresses: _, ...about } = this.#about;
    return { ...about, since: this.#since, records: this.#store.records, skipped: this.#store.skipped };
  }

  /** @param minute of the lab's time */
  report(report: FlowReport, minute: number): void {
    const { packet, verdict, stage, bytes } = report;
    const isCounted = COUNTED.has(packet.protocol) && (packet.icmp?.about ?? null) === null;
    const key = keyOfPacket(packet);
    const { uncounted, dropped } = this.#pending.get(key) ?? { uncounted: [], dropped: NOTHING };
    if (verdict === 'pass') {
      if (!isCounted) this.#pending.set(key, { uncounted: [...uncounted, report], dropped });
      else if (!this.#first.has(key)) this.#first.set(key, report);
      return;
    }
    this.#add({ ...inRecord(report), action: 'REJECT', minute, reply: this.#answers(packet) });
    // A network ACL stands behind the card, which has counted the packet; the card itself counts what has a connection.
    const wasCounted = stage === 'nacl-outbound' || (stage !== 'nacl-inbound' && isCounted && this.#isKnown(packet));
    if (wasCounted) this.#pending.set(key, { uncounted, dropped: sum(dropped, { packets: 1, bytes }) });
  }

  /** Writes what was carried since connections were looked at last. */
  settle(connections: readonly CountedConnection[], look: PollContext): void {
    const judged = connections.filter(({ mark }) => mark !== 0); // the others needed no rule: AWS does not log them
    this.#keys.clear();
    for (const connection of judged) this.#write(connection, look);
    for (const [key, { uncounted, dropped }] of this.#pending) {
      for (const report of uncounted.slice(dropped.packets)) {
        this.#add({ ...inRecord(report), action: 'ACCEPT', minute: look.minute, reply: false });
      }
      // What was dropped just now may be counted just after: that can only be where there is a connection.
      if (dropped.packets > 0 && this.#keys.has(key)) this.#pending.set(key, { uncounted: [], dropped });
      else this.#pending.delete(key);
    }
    this.#connections = new Map(judged.map((connection) => [connection.id, connection]));
    this.#polledAt = look.now;
    this.#first.clear();
  }

  /** Says that what was carried since connections were looked at last is not known. */
  skip(now: number): void {
    this.#store.skip(this.#polledAt, now);
    this.#polledAt = now;
    this.#first.clear();
    this.#pending.clear();
  }

  #write(connection: CountedConnection, { now, minute, ruleOf }: PollContext): void {
    const before = this.#connections.get(connection.id);
    const first = this.#first.get(flowKey(connection.protocol, connection)) ?? null;
    const isNew = before === undefined;
    const directions = [
      { ends: connection, carried: connection.original, earlier: before?.original ?? NOTHING, reply: false },
      { ends: reversed(connection), carried: connection.reply, earlier: before?.reply ?? NOTHING, reply: true },
    ] as const;
    for (const { ends, carried, earlier, reply } of directions) {
      const key = flowKey(connection.protocol, ends);
      this.#keys.set(key, reply);
      const traffic = this.#withoutDropped(key, difference(carried, earlier));
      if (traffic.packets <= 0) continue;
      const start = isNew && first !== null ? first.time : this.#polledAt;
      const isOnlyFirst = isNew && first !== null && !reply && traffic.packets === 1;
      this.#add({
        protocol: connection.protocol,
        ends,
        ...traffic,
        action: 'ACCEPT',
        start,
        end: isOnlyFirst ? start : now,
        minute,
        stage: first === null ? null : stageOf(first.stage, reply),
        tcpFlags: reply ? null : (first?.tcpFlags ?? null),
        rule: ruleOf(connection.mark),
        icmp: null,
        reply,
      });
    }
  }

  #withoutDropped(key: string, traffic: Traffic): Traffic {
    const { uncounted, dropped } = this.#pending.get(key) ?? { uncounted: [], dropped: NOTHING };
    if (dropped.packets === 0) return traffic;
    const left = difference(dropped, traffic);
    if (left.packets > 0) this.#pending.set(key, { uncounted, dropped: left });
    else this.#pending.delete(key);
    return difference(traffic, dropped);
  }

  #isKnown(packet: Packet): boolean {
    return [keyOfPacket(packet), reverseKeyOfPacket(packet)].some((key) => this.#keys.has(key) || this.#first.has(key));
  }

  #answers(packet: Packet): boolean {
    return this.#keys.get(keyOfPacket(packet)) ?? this.#first.has(reverseKeyOfPacket(packet));
  }

  #add(seen: SeenTraffic): void {
    this.#store.add(makeRecord(this.#about, seen));
  }
}

function inRecord({ packet, bytes, time, tcpFlags, stage, rule }: FlowReport) {
  const { protocol, icmp } = packet;
  return {
    protocol,
    icmp: toldIcmp(icmp),
    ends: packet,
    packets: 1,
    bytes,
    start: time,
    end: time,
    tcpFlags,
    stage,
    rule,
  };
}

function toldIcmp(icmp: Packet['icmp']): FlowRecord['icmp'] {
  if (icmp === null) return null;
  const { type, code, mtu, about } = icmp;
  if (about === null) return { type, code, mtu, about };
  const { protocol, source, sourcePort, destination, destinationPort } = about;
  return { type, code, mtu, about: { protocol, source, sourcePort, destination, destinationPort } };
}

function reversed({ source, sourcePort, destination, destinationPort }: FlowEnds): FlowEnds {
  return { source: destination, sourcePort: destinationPort, destination: source, destinationPort: sourcePort };
}

/** Answers pass the card the other way. */
function stageOf(stage: Stage, reply: boolean): Stage {
  if (!reply) return stage;
  return stage === 'sg-ingress' ? 'sg-egress' : 'sg-ingress';
}

function sum(one: Traffic, other: Traffic): Traffic {
  return { packets: one.packets + other.packets, bytes: one.bytes + other.bytes };
}

function difference(one: Traffic, other: Traffic): Traffic {
  return { packets: one.packets - other.packets, bytes: one.bytes - other.bytes };
}

interface SeenTraffic
  extends Pick<
    FlowRecord,
    'action' | 'packets' | 'bytes' | 'start' | 'end' | 'tcpFlags' | 'rule' | 'icmp' | 'reply' | 'minute'
  > {
  readonly protocol: number;
  readonly ends: FlowEnds;
  /** Where it was reported; null where it was only counted. */
  readonly stage: Stage | null;
}

/**
 * The record is AWS's view of the traffic: the interface's own side has its primary address, also where the packet was for another one
 * of its addresses or is on its way through; ICMP has no ports.
 */
function makeRecord(about: LoggedInterface, { ends, stage, ...seen }: SeenTraffic): FlowRecord {
  const { addresses, ...ids } = about;
  const direction = directionOf(addresses, ends, stage);
  const own = (address: string) => addresses.find((each) => each.includes(':') === address.includes(':')) ?? address;
  const hasPorts = !isIcmp(seen.protocol);
  return {
    ...ids,
    ...seen,
    direction,
    srcaddr: direction === 'egress' ? own(ends.source) : ends.source,
    dstaddr: direction === 'ingress' ? own(ends.destination) : ends.destination,
    srcport: hasPorts ? ends.sourcePort : 0,
    dstport: hasPorts ? ends.destinationPort : 0,
    pktSrcaddr: ends.source,
    pktDstaddr: ends.destination,
    stage: seen.action === 'REJECT' ? stage : null,
  };
}

function directionOf(addresses: readonly string[], ends: FlowEnds, stage: Stage | null): Direction {
  if (stage === 'sg-egress' || stage === 'nacl-outbound') return 'egress';
  if (stage === 'sg-ingress' || stage === 'nacl-inbound') return 'ingress';
  return addresses.includes(ends.source) ? 'egress' : 'ingress';
}
