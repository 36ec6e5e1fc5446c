/** Hears every drop and every first admission of a lab, and tells whoever asked about that flow. */
import type { Capture } from '../kernel/capture.js';
import type { Netns } from '../kernel/netns.js';
import { type LogRecord, openLog } from '../kernel/nflog.js';
import { LOG_GROUP } from '../ruleset/names.js';
import { keyOfPacket } from './flow-key.js';
import { readSighting, type Sighting } from './sighting.js';
import type { Leg } from './types.js';

/** A namespace that filters. */
export interface ObservedPlace {
  readonly netns: Netns;
  /** The network interface whose card it is; null for a router. */
  readonly interfaceId: string | null;
}

/** @param error the packet was an ICMP error about the flow */
export type OnSighting = (sighting: Sighting, leg: Leg, error: boolean) => void;

export interface WatchedFlow {
  /** Keys of the request, as it looks before and after each address translation. */
  readonly request: readonly string[];
  readonly reply: readonly string[];
}

interface Watch {
  readonly leg: Leg;
  readonly onSighting: OnSighting;
}

export class Observer {
  readonly #captures: Capture[] = [];
  readonly #watches = new Map<string, Watch>();

  observe(place: ObservedPlace): void {
    const onRecord = (record: LogRecord) => this.#tell(readSighting(record, place.interfaceId));
    this.#captures.push(openLog(place.netns, LOG_GROUP, onRecord));
  }

  /** Tells what happens to a flow's packets until the returned function is called. Ask before the first one is sent. */
  watch(flow: WatchedFlow, onSighting: OnSighting): () => void {
    for (const key of flow.request) this.#watches.set(key, { leg: 'request', onSighting });
    for (const key of flow.reply) this.#watches.set(key, { leg: 'reply', onSighting });
    return () => {
      for (const key of [...flow.request, ...flow.reply]) this.#watches.delete(key);
    };
  }

  close(): void {
    for (const capture of this.#captures.splice(0)) capture.close();
  }

  #tell(sighting: Sighting | null): void {
    if (sighting === null) return;
    const about = sighting.packet.icmp?.about ?? null;
    const watch = this.#watches.get(keyOfPacket(about ?? sighting.packet));
    if (watch === undefined) return;
    // An error about the request travels with the replies, and the other way round.
    const leg = about === null ? watch.leg : watch.leg === 'request' ? 'reply' : 'request';
    watch.onSighting(sighting, leg, about !== null);
  }
}
