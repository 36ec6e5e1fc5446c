import { type Path, pathText, type SourceLocation } from '../source/tree.js';
import type { AssumedItem, Inventory, UnsupportedItem } from './inventory.js';
import { Names } from './names.js';

/** A definition in the making: what the inventory's things are called in it, and where they came from. */
export class Draft {
  readonly inventory: Inventory;
  /** The VPC of those that name none. */
  readonly homeVpc: string;
  readonly origins = new Map<string, SourceLocation>();
  readonly unsupported: UnsupportedItem[] = [];
  readonly assumed: AssumedItem[] = [];
  /** Where in the definition an item stands, by its key. */
  readonly #paths = new Map<string, string>();
  /** Instances and hosts share one name space. */
  readonly machineNames = new Names(['internet']);
  /** The word by which the definition refers to an item, by the item's key in the inventory. */
  readonly words = new Map<string, string>();

  constructor(inventory: Inventory, homeVpc: string) {
    this.inventory = inventory;
    this.homeVpc = homeVpc;
  }

  /** @param key of the item that stands there; a part of one has none */
  origin(path: Path, place: SourceLocation, key?: string): void {
    this.origins.set(pathText(path), place);
    if (key !== undefined) this.#paths.set(key, pathText(path));
  }

  /** @param of the key of the item that is not as its source has it without this */
  refuse(place: SourceLocation, reason: string, ...of: readonly string[]): void {
    this.unsupported.push({ place, reason, of });
  }

  assume(sentence: string, ...about: readonly string[]): void {
    this.assumed.push({ sentence, about });
  }

  /** Where in the definition the items stand that are in it. */
  pathsOf(keys: readonly string[]): string[] {
    return [...new Set(keys.flatMap((key) => this.#paths.get(key) ?? []))];
  }

  word(key: string): string {
    return this.words.get(key) ?? key;
  }

  vpcOf({ vpc }: { readonly vpc: string | null }): string {
    return vpc ?? this.homeVpc;
  }

  /** `vpc: shop`, if there are several. */
  vpcPart(thing: { readonly vpc: string | null }): { readonly vpc?: string } {
    return this.inventory.vpcs.length === 1 ? {} : { vpc: this.word(this.vpcOf(thing)) };
  }
}

/** `id: sg-…`, if AWS gave one. */
export function idPart({ id }: { readonly id: string | null }): { readonly id?: string } {
  return id === null ? {} : { id };
}
