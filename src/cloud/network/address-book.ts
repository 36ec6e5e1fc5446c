import type { IdleInterface, NetworkInterface } from '../interfaces/types.js';
import { allInterfaceRecords } from '../lookup.js';
import { type Index, searched } from '../records.js';
import type { Cloud } from '../types.js';
import { type Cidr, nthAddress } from './cidr.js';

type AnyInterface = NetworkInterface | IdleInterface;

/** Addresses that automatic choice must leave alone. */
export interface Avoided {
  /** Asked for by others, who come later. */
  readonly promised: ReadonlySet<string>;
  /** Asked for by the same request. */
  readonly own: readonly string[];
}

const NOBODY: ReadonlySet<string> = new Set();

export const NOTHING_AVOIDED: Avoided = { promised: NOBODY, own: [] };

/** The place of public addresses; private ones belong to a subnet, whose id is the place. */
export const INTERNET = 'internet';

/** The interface that has the address in that place. */
export function addressHolder(cloud: Cloud, place: string, address: string): AnyInterface | undefined {
  for (const record of allInterfaceRecords(cloud)) {
    const holder = searched(record, BOOK).at(place).get(address);
    if (holder !== undefined) return holder;
  }
  return undefined;
}

/** All addresses of interfaces in that place. */
export function addressesAt(cloud: Cloud, place: string): string[] {
  return allInterfaceRecords(cloud).flatMap((record) => [...searched(record, BOOK).at(place).keys()]);
}

/**
 * The first offset in the block that may be free: everything from `least` to it is taken or promised. Without this memory each
 * new interface would ask for the addresses of all that were made before it.
 */
export function firstOffset(
  cloud: Cloud,
  place: string,
  { block, least, promised }: { readonly block: Cidr; readonly least: bigint; readonly promised: ReadonlySet<string> },
): bigint {
  return searched(cloud.networkInterfaces, BOOK).firstOffset(place, block, { least, promised });
}

class AddressBook {
  readonly #places = new Map<string, Map<string, AnyInterface>>();
  #offsets = new WeakMap<ReadonlySet<string>, Map<string, bigint>>();

  at(place: string): ReadonlyMap<string, AnyInterface> {
    return this.#places.get(place) ?? new Map();
  }

  add(eni: AnyInterface): void {
    for (const [place, address] of addressesOfInterface(eni)) {
      const known = this.#places.get(place);
      if (known === undefined) this.#places.set(place, new Map([[address, eni]]));
      else known.set(address, eni);
    }
  }

  remove(eni: AnyInterface): void {
    for (const [place, address] of addressesOfInterface(eni)) this.#places.get(place)?.delete(address);
    this.#offsets = new WeakMap();
  }

  firstOffset(
    place: string,
    block: Cidr,
    { least, promised }: { readonly least: bigint; readonly promised: ReadonlySet<string> },
  ): bigint {
    const offsets = this.#offsets.get(promised) ?? new Map<string, bigint>();
    this.#offsets.set(promised, offsets);
    const key = `${place} ${block.text}`;
    const taken = this.at(place);
    let offset = offsets.get(key) ?? least;
    for (; block.first + offset < block.last; offset += 1n) {
      const address = nthAddress(block, offset);
      if (!taken.has(address) && !promised.has(address)) break;
    }
    offsets.set(key, offset);
    return offset;
  }
}

const BOOK: Index<AnyInterface, AddressBook> = {
  create: () => new AddressBook(),
  add: (book, eni) => book.add(eni),
  remove: (book, eni) => book.remove(eni),
};

function addressesOfInterface(eni: AnyInterface): (readonly [place: string, address: string])[] {
  const own = [...eni.privateIpAddresses, ...eni.ipv6Addresses].map((address) => [eni.subnetId, address] as const);
  return eni.publicIp === null ? own : [...own, [INTERNET, eni.publicIp]];
}
