import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { quote } from '../cloud/text/quote.js';
import type { Path } from './tree.js';

/** A file written by hand has a few dozen. */
const MAX_ANCHORS = 1000;

/** Nodes that aliases may stand for, all together: a few lines could stand for millions ("billion laughs"). */
const MAX_REPEATED = 100_000;

/** Something in a document that no file may have. */
export interface NodeFault {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

type Step = { readonly key: Node; readonly value: Node | null };

/** The nodes of a document, each alias with what it stands for. Everything about it takes one walk, however it is made. */
export class YamlNodes {
  readonly #document: Document;
  readonly #anchors = new Map<string, { readonly node: Node; size: number | null }>();
  readonly #targets = new Map<Alias, Node>();
  readonly #members = new WeakMap<YAMLMap, Map<string, Step>>();
  readonly #faults: NodeFault[] = [];
  #anchorCount = 0;
  #repeated = 0;

  constructor(document: Document) {
    this.#document = document;
    this.#sizeOf(document.contents);
  }

  /** Keys that stand twice or are forbidden, and aliases that mean nothing, too much, or what they are part of. */
  get faults(): readonly NodeFault[] {
    return this.#faults;
  }

  /** Where the value at the path, or its key, begins; of the nearest value around it if it is missing. */
  offsetOf(path: Path, on: 'key' | 'value'): number {
    let node: Node | null = this.#document.contents;
    let offset = startOf(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      const found = this.#child(node, step);
      if (found === undefined) break;
      const isLast = depth === path.length - 1;
      offset = startOf(isLast && on === 'key' ? found.key : found.value) ?? startOf(found.key) ?? offset;
      node = found.value;
    }
    return offset;
  }

  #child(parent: Node | null, step: PropertyKey): Step | undefined {
    const node = isAlias(parent) ? this.#targets.get(parent) : parent;
    if (isSeq(node)) {
      const value = node.items[Number(step)];
      return isNode(value) ? { key: value, value } : undefined;
    }
    return isMap(node) ? this.#membersOf(node).get(String(step)) : undefined;
  }

  /** Its own keys, and those that it merges and does not have itself. */
  #membersOf(map: YAMLMap): Map<string, Step> {
    const known = this.#members.get(map);
    if (known !== undefined) return known;
    const members = new Map<string, Step>();
    this.#members.set(map, members);
    for (const { key, value } of map.items) {
      if (isScalar(key) && !isMergeKey(key))
        members.set(String(key.value), { key, value: isNode(value) ? value : null });
    }
    for (const source of map.items.flatMap((pair) => (isMergeKey(pair.key) ? this.#mergedBy(pair.value) : []))) {
      for (const [word, step] of this.#membersOf(source)) if (!members.has(word)) members.set(word, step);
    }
    return members;
  }

  /** The mappings that the value of `<<` stands for; of what is no mapping, nothing. */
  #mergedBy(value: unknown): YAMLMap[] {
    const node = isAlias(value) ? this.#targets.get(value) : value;
    if (isSeq(node)) return node.items.flatMap((item) => this.#mergedBy(item));
    return isMap(node) ? [node] : [];
  }

  /** How many nodes it stands for, aliases followed. */
  #sizeOf(node: unknown): number {
    if (!isNode(node) || this.#isFull(node)) return 1;
    if (isAlias(node)) return this.#follow(node);
    const anchor = 'anchor' in node && node.anchor !== undefined ? { node, size: null as number | null } : null;
    if (anchor !== null) this.#anchors.set(node.anchor ?? '', anchor);
    let size = 1;
    if (isMap(node)) this.#checkKeys(node);
    if (isMap(node) || isSeq(node)) {
      for (const item of node.items as readonly (Pair | Node)[]) {
        size += isPair(item) ? this.#sizeOf(item.key) + this.#sizeOf(item.value) : this.#sizeOf(item);
        if (isPair(item) && isMergeKey(item.key)) this.#checkMerge(item.key, item.value);
      }
    }
    if (anchor !== null) anchor.size = size;
    return size;
  }

  /** True from one anchor or alias too many on: nothing more is said of such a file. */
  #isFull(node: Node): boolean {
    if (isAlias(node) || ('anchor' in node && node.anchor !== undefined)) this.#anchorCount++;
    if (this.#anchorCount === MAX_ANCHORS + 1) {
      this.#anchorCount++;
      const hint = '`count: 10` makes ten instances of one entry.';
      this.#fault(node, `the file has more than ${MAX_ANCHORS} anchors and aliases`, hint);
    }
    return this.#anchorCount > MAX_ANCHORS;
  }

  #follow(alias: Alias): number {
    const target = this.#anchors.get(alias.source);
    const name = quote(`*${alias.source}`);
    if (target === undefined) {
      this.#fault(
        alias,
        `the alias ${name} has no anchor before it`,
        `Write ${quote(`&${alias.source}`)} there first.`,
      );
      return 1;
    }
    if (target.size === null) {
      this.#fault(alias, `the alias ${name} stands for something that it is part of`, 'Write out what is meant.');
      return 1;
    }
    this.#targets.set(alias, target.node);
    const before = this.#repeated;
    this.#repeated += target.size;
    if (before <= MAX_REPEATED && this.#repeated > MAX_REPEATED) {
      this.#fault(alias, `the aliases up to here stand for more than ${MAX_REPEATED} values`, 'Write fewer of them.');
    }
    return target.size;
  }

  #checkKeys(map: YAMLMap): void {
    const seen = new Set<string>();
    for (const { key } of map.items) {
      if (!isScalar(key)) continue;
      const word = String(key.value);
      if (word === '__proto__') this.#fault(key, 'the key "__proto__" is not allowed');
      if (seen.has(word)) this.#fault(key, 'this key appears twice');
      seen.add(word);
    }
  }

  #checkMerge(key: unknown, value: unknown): void {
    const sources = isSeq(value) ? value.items : [value];
    const isFit = sources.every((source) => {
      // An alias without a target has its own fault.
      if (isAlias(source)) return !this.#targets.has(source) || isMap(this.#targets.get(source));
      return isMap(source);
    });
    if (isFit) return;
    const hint = 'Write `<<: *name`, or `<<: [*one, *other]`, where `&name` stands at a mapping.';
    this.#fault(isNode(value) ? value : isNode(key) ? key : null, '`<<` merges mappings only', hint);
  }

  #fault(node: Node | null, message: string, hint?: string): void {
    this.#faults.push({ offset: startOf(node) ?? 0, message, ...(hint === undefined ? {} : { hint }) });
  }
}

/** Only where it is written without quotes. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function startOf(node: Node | null): number | undefined {
  return node?.range?.[0];
}
