/** A ruleset as data: `render` writes it as nft text, and `difference` compares it. Everything is immutable. */
import type { DropCause, Stage } from '../verdict/types.js';
import { LOG_GROUP, LOG_SNAPLEN } from './names.js';

export interface Ruleset {
  readonly tables: readonly Table[];
}

export interface Table {
  readonly family: 'inet' | 'netdev';
  readonly name: string;
  readonly sets: readonly NamedSet[];
  readonly chains: readonly Chain[];
}

/** A named set, or a map if `data` gives the type of its values. */
export interface NamedSet {
  readonly name: string;
  /** nft's type of the key, such as `inet_proto . inet_service . ipv4_addr`. */
  readonly type: string;
  readonly data: 'mark' | 'verdict' | 'ipv4_addr' | null;
  /**
   * Flags such as `interval`. A set with the flag `dynamic` is filled by packets: `difference` leaves its elements
   * alone.
   */
  readonly flags: readonly string[];
  /** Each element counts the packets that hit it. */
  readonly counter: boolean;
  /** Elements by key, as nft writes it. Keys of one set are disjoint. */
  readonly elements: ReadonlyMap<string, Element>;
}

export interface Element {
  /** The value of the key in a map; null in a set. */
  readonly value: string | null;
  /** Id of the rule that the element comes from, for readers of `nft list ruleset`. */
  readonly comment: string | null;
}

export interface Chain {
  readonly name: string;
  /** `type … hook … priority …; policy …;` of a base chain; null for a chain that is jumped to. */
  readonly hook: string | null;
  readonly rules: readonly string[];
}

export function namedSet(
  name: string,
  type: string,
  elements: Iterable<string>,
  flags: readonly string[] = [],
): NamedSet {
  const plain: Element = { value: null, comment: null };
  return {
    name,
    type,
    data: null,
    flags,
    counter: false,
    elements: new Map(Array.from(elements, (key) => [key, plain])),
  };
}

export function chain(name: string, rules: readonly string[], hook: string | null = null): Chain {
  return { name, hook, rules };
}

/** A stage at which the kernel itself drops. */
type DropStage = Exclude<Stage, 'listener'>;

/** Statements that drop a packet silently after a report with stage and cause; the rule bits of the mark are zero. */
export function drop(stage: DropStage, cause: DropCause | null = null): string {
  const prefix = cause === null ? `drop ${stage}` : `drop ${stage} ${cause}`;
  return `counter meta mark set 0x0 ${log(prefix)} drop`;
}

/** Drops in the same way, for an entry of a network ACL: `acl-…/90`. */
export function denied(stage: 'nacl-outbound' | 'nacl-inbound', entry: string): string {
  return `counter meta mark set 0x0 ${log(`drop ${stage} ${entry}`)} drop`;
}

/** Reports a packet together with its mark. Without the threshold the kernel holds the record for up to a second. */
export function log(prefix: string): string {
  return `log prefix "${prefix}" group ${LOG_GROUP} snaplen ${LOG_SNAPLEN} queue-threshold 1`;
}
