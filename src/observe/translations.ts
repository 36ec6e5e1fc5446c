/** Flows that have other addresses or ports behind a gateway: the kernel reports each first packet before and after. */
import type { LogRecord } from '../kernel/nflog.js';
import { TRANSLATED_AFTER, TRANSLATED_BEFORE } from '../ruleset/names.js';
import { keyOfPacket, reverseKeyOfPacket } from './flow-key.js';
import { type Packet, parsePacket } from './packet.js';

/** Flows that are remembered; a later one may take the ports of the oldest. */
const LIMIT = 8192;

export class Translations {
  readonly #aliases: (address: string) => readonly string[];
  /** Key behind a gateway -> key before it, for both directions. */
  readonly #before = new Map<string, string>();

  /** @param twins the addresses by which an address appears where an internet gateway has exchanged it, itself included */
  constructor(twins: (address: string) => readonly string[]) {
    this.#aliases = twins;
  }

  /**
   * Reads the records of one place, in which "before" and "after" of a packet have the same mark.
   * @returns takes a record, and says by which keys a flow is known from now on; null for a record of another kind
   */
  reader(): (record: Pick<LogRecord, 'prefix' | 'mark' | 'packet'>) => readonly string[] | null {
    const waiting = new Map<number, Packet>();
    return ({ prefix, mark, packet: data }) => {
      if (prefix !== TRANSLATED_BEFORE && prefix !== TRANSLATED_AFTER) return null;
      const packet = parsePacket(data);
      const before = waiting.get(mark);
      if (packet === null) return [];
      if (prefix === TRANSLATED_BEFORE) {
        waiting.set(mark, packet);
        return [];
      }
      waiting.delete(mark);
      return before === undefined ? [] : this.#remember(before, packet);
    };
  }

  /** The keys by which the flow of a packet may be watched: its own, and those that it had before each gateway. */
  *keysOf(packet: Packet): Generator<string> {
    const own = keyOfPacket(packet);
    const passed = new Set<string>();
    for (let key: string | undefined = own; key !== undefined && !passed.has(key); key = this.#before.get(key)) {
      passed.add(key);
      yield key;
    }
  }

  #remember(before: Packet, after: Packet): string[] {
    const ways = [keyOfPacket, reverseKeyOfPacket] as const;
    const keys = ways.flatMap((keyOf) =>
      this.#appearances(after).map((packet) => {
        this.#before.delete(keyOf(packet));
        this.#before.set(keyOf(packet), keyOf(before));
        return keyOf(packet);
      }),
    );
    for (const key of this.#before.keys()) {
      if (this.#before.size <= LIMIT) break;
      this.#before.delete(key);
    }
    return keys;
  }

  #appearances(packet: Packet): Packet[] {
    return this.#aliases(packet.source).flatMap((source) =>
      this.#aliases(packet.destination).map((destination) => ({ ...packet, source, destination })),
    );
  }
}
