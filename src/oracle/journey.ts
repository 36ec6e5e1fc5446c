import type { PathEntry, Stage } from '../verdict/types.js';
import type { CardVerdict } from './card.js';
import type { ModelPacket } from './packet.js';

/** Where a packet begins or ends. */
export type Place =
  | { readonly kind: 'interface'; readonly interfaceId: string }
  | { readonly kind: 'external'; readonly name: string };

/** One place on a packet's way that had a say. */
export interface Hop {
  readonly stage: Stage;
  readonly verdict: PathEntry['verdict'];
  /** The card's interface; null on a router. */
  readonly interfaceId: string | null;
  /** Whose network ACL or route table was asked; null elsewhere. */
  readonly subnetId: string | null;
  /** Of a card. */
  readonly card: CardVerdict | null;
  /** Of a network ACL: the entry that decided, `acl-0123…/100`; of a missing route: the cause. */
  readonly cause: string | null;
  /** As it came there: addresses change at gateways. */
  readonly packet: ModelPacket;
}

/** What became of one packet. */
export interface Journey {
  readonly hops: readonly Hop[];
  /** Where it arrived, and how it looked there: addresses change at gateways. Null where it was dropped. */
  readonly arrival: { readonly place: Place; readonly packet: ModelPacket } | null;
}

export function dropOf({ hops }: Journey): Hop | null {
  return hops.find(({ verdict }) => verdict === 'drop') ?? null;
}
