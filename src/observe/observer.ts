/** Hears every drop and every first admission of a lab, and tells them to those who watch that flow. */
import type { Netns } from '../kernel/netns.js';
import { type LogRecord, openLog } from '../kernel/nflog.js';
import { LOG_GROUP } from '../ruleset/names.js';
import type { Leg } from '../verdict/types.js';
import { keyOfPacket } from './flow-key.js';
import type { Packet } from './packet.js';
import { readSighting, type Seen, type Sighting } from './sighting.js';
import { Translations } from './translations.js';

/** A namespace that filters. */
export interface ObservedNamespace {
  readonly netns: Netns;
  /** The network interface whose card it is; null for a router. */
  readonly interfaceId: string | null;
}

export interface Listener {
  onRecord(place: ObservedNamespace, record: LogRecord): void;
  /** Called when nothing more will be heard, because the lab goes down. */
  onEnd(): void;
}

export interface WatchedFlow {
  /** Keys of the request, as it looks before and after each address translation. */
  readonly request: readonly string[];
  readonly reply: readonly string[];
}

interface Watch {
  readonly leg: Leg;
  readonly onSeen: (seen: Seen) => void;
}

/** Sightings that are kept for a while: a drop behind a gateway may be heard before the gateway's own report. */
const RECENT = 256;

/** A queue that has overflowed takes no more reports until it is empty, and the kernel says so only once. Milliseconds. */
const DRAINED_MS = 1000;

export class Observer {
  readonly #readers = new Set<{ close(): void }>();
  readonly #listeners = new Set<Listener>();
  readonly #watches = new Map<string, Watch>();
  readonly #translations: Translations;
  /** Sightings of flows that nobody watches, the newest last. */
  readonly #recent: Sighting[] = [];
  /** Where and when reports were found to be lost the last time. */
  #lost: { readonly namespace: string; readonly at: number } | null = null;

  /** @param twins see Translations */
  constructor(twins: (address: string) => readonly string[]) {
    this.#translations = new Translations(twins);
  }

  /** @returns ends the hearing there */
  observe(place: ObservedNamespace): () => void {
    const readTranslation = this.#translations.reader();
    const onRecord = (record: LogRecord) => {
      for (const listener of this.#listeners) listener.onRecord(place, record);
      const keys = readTranslation(record);
      if (keys === null) this.#dispatch(readSighting(record, place.interfaceId));
      else this.#redispatch(keys);
    };
    const onLost = () => {
      this.#lost = { namespace: place.netns.name, at: performance.now() };
    };
    const reader = openLog(place.netns, LOG_GROUP, onRecord, onLost);
    this.#readers.add(reader);
    return () => {
      if (this.#readers.delete(reader)) reader.close();
    };
  }

  /** Tells what happens to a flow's packets until the returned function is called. Ask before the first one is sent. */
  watch(flow: WatchedFlow, onSeen: (seen: Seen) => void): () => void {
    for (const key of flow.reply) this.#watches.set(key, { leg: 'reply', onSeen });
    // A ping from a machine's own address looks the same both ways, and it is the request that comes first.
    for (const key of flow.request) this.#watches.set(key, { leg: 'request', onSeen });
    return () => {
      for (const key of [...flow.request, ...flow.reply]) this.#watches.delete(key);
    };
  }

  /** Tells every record, watched or not, until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The name of a namespace some of whose reports since that moment were lost, because its queue was full; null where there is none.
   * @param since of `performance.now`
   */
  lostSince(since: number): string | null {
    return this.#lost !== null && this.#lost.at > since - DRAINED_MS ? this.#lost.namespace : null;
  }

  close(): void {
    for (const { onEnd } of this.#listeners) onEnd();
    this.#listeners.clear();
    for (const reader of this.#readers) reader.close();
    this.#readers.clear();
  }

  #dispatch(sighting: Sighting | null): void {
    if (sighting === null) return;
    const about = sighting.packet.icmp?.about ?? null;
    const watch = this.#watchOf(about ?? sighting.packet);
    if (watch === undefined) {
      this.#recent.push(sighting);
      if (this.#recent.length > RECENT) this.#recent.shift();
      return;
    }
    // An error about the request travels with the replies, and the other way round.
    const leg = about === null ? watch.leg : watch.leg === 'request' ? 'reply' : 'request';
    watch.onSeen({ ...sighting, leg, error: about !== null });
  }

  #watchOf(packet: Packet): Watch | undefined {
    for (const key of this.#translations.keysOf(packet)) {
      const watch = this.#watches.get(key);
      if (watch !== undefined) return watch;
    }
    return undefined;
  }

  /** Tells again the sightings whose flow was not known when they were heard. */
  #redispatch(keys: readonly string[]): void {
    const isOf = ({ packet }: Sighting) => keys.includes(keyOfPacket(packet.icmp?.about ?? packet));
    const known = this.#recent.filter(isOf);
    for (const sighting of known) {
      this.#recent.splice(this.#recent.indexOf(sighting), 1);
      this.#dispatch(sighting);
    }
  }
}
