import { createHash } from 'node:crypto';

/** A ruleset as data: `render` writes it as nft text, and `difference` compares it. Everything is immutable. */
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

/** A short hash of a list of names that changes if any of them does. */
export function digest(words: readonly string[]): string {
  return createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 10);
}
