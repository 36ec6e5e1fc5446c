/** Elements that packets add to sets and maps, and that a time-out removes. */
import { type AgingResult, sumAgingResults } from './aged.js';
import { KernelError } from './errors.js';
import { type NamespaceCommand, runInNamespaces } from './in-namespaces.js';
import type { Netns } from './netns.js';

/** For example `inet sg` and `stream4`. */
export interface SetReference {
  readonly table: string;
  readonly kind: 'set' | 'map';
  readonly name: string;
}

export interface TimedElement {
  readonly place: SetReference;
  /** The parts of its key, as nft writes them. */
  readonly key: readonly string[];
  /** The mark to which a map leads; null in a set. */
  readonly mark: number | null;
  /** Whole seconds: the time-out of a new element, and the remaining time of this one. */
  readonly timeout: number;
  readonly secondsLeft: number;
}

/** The sets of one namespace. */
export interface SetsOf {
  readonly namespace: Netns;
  readonly places: readonly SetReference[];
}

/** Lists all elements with a time-out of some sets, a list for each namespace. */
export async function listTimedElements(all: readonly SetsOf[]): Promise<TimedElement[][]> {
  const asked = all.filter(({ places }) => places.length > 0);
  const outputs = await runInNamespaces(asked.map(listing));
  const found = new Map(asked.map((sets, at) => [sets, elementsIn(outputs[at] ?? '', sets)]));
  return all.map((sets) => found.get(sets) ?? []);
}

/**
 * nft 1.0.6 finds only the first of several sets that are listed by one command, so that each needs a line of its own.
 */
function listing({ namespace, places }: SetsOf): NamespaceCommand {
  return {
    namespace,
    argv: ['nft', '-n', '-n', '-j', '-i'],
    input: places.map(({ kind, table, name }) => `list ${kind} ${table} ${name}\n`).join(''),
    failure: (exitCode, stderr) => new KernelError({ command: 'nft -i', namespace: namespace.name, exitCode, stderr }),
  };
}

/**
 * @param output a document for each set
 * @throws KernelError if one is missing: `nft -i` continues after an error
 */
function elementsIn(output: string, { namespace, places }: SetsOf): TimedElement[] {
  const documents = output.split('\n').filter((line) => line !== '');
  if (documents.length !== places.length) {
    throw new KernelError({ command: 'nft -i', namespace: namespace.name, stderr: 'a set cannot be listed' });
  }
  const found = documents.flatMap((document) => setsIn(JSON.parse(document) as Listing));
  return found.flatMap((set) => {
    const place = places.find(({ table, name }) => name === set.name && table === `${set.family} ${set.table}`);
    return place === undefined ? [] : (set.elem ?? []).flatMap((element) => timedElement(place, element) ?? []);
  });
}

/**
 * Shortens every such element's time-out by that many whole seconds; those whose time is then over are deleted. The
 * remaining time is rounded up, as for conntrack entries.
 */
export async function ageElements(all: readonly SetsOf[], seconds: number): Promise<AgingResult> {
  const listed = await listTimedElements(all);
  const changes = all.map(({ namespace }, at) => aged(namespace, listed[at] ?? [], seconds));
  await runInNamespaces(changes.flatMap(({ command }) => command ?? []));
  return sumAgingResults(changes.map(({ counts }) => counts));
}

function aged(
  namespace: Netns,
  elements: readonly TimedElement[],
  seconds: number,
): { readonly counts: AgingResult; readonly command: NamespaceCommand | null } {
  const left = elements.map((element) => Math.min(element.secondsLeft + 1, element.timeout) - seconds);
  const kept = left.filter((time) => time > 0).length;
  const command: NamespaceCommand = {
    namespace,
    argv: ['nft', '-f', '-'],
    input: elements.flatMap((element, at) => moved(element, left[at] ?? 0)).join(''),
    failure: (exitCode, stderr) =>
      new KernelError({ command: 'nft -f -', namespace: namespace.name, exitCode, stderr }),
  };
  return { counts: { kept, expired: elements.length - kept }, command: elements.length === 0 ? null : command };
}

/**
 * nft cannot change an element, so it is replaced. It may expire meanwhile: adding it first makes the deletion succeed.
 */
function moved({ place: { table, name }, key, mark, timeout }: TimedElement, left: number): string[] {
  const value = mark === null ? '' : ` : ${mark}`;
  const element = (time: string) => `element ${table} ${name} { ${key.join(' . ')}${time}${value} }\n`;
  const again = left > 0 ? [`add ${element(` timeout ${timeout}s expires ${left}s`)}`] : [];
  return [`add ${element(` timeout ${timeout}s`)}`, `delete ${element('')}`, ...again];
}

interface Listing {
  readonly nftables: readonly { readonly set?: SetListing; readonly map?: SetListing }[];
}

interface SetListing {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** A map's elements are pairs of an element as in a set, and the mark. */
  readonly elem?: readonly (ElementListing | readonly [ElementListing, number])[];
}

type Word = string | number;

/** A bare key has no time-out. */
type ElementListing = Word | { readonly concat: readonly Word[] } | { readonly elem: TimedListing };

interface TimedListing {
  readonly val: Word | { readonly concat: readonly Word[] };
  readonly timeout?: number;
  /** Absent if less than a second is left. */
  readonly expires?: number;
}

function setsIn({ nftables }: Listing): SetListing[] {
  return nftables.flatMap(({ set, map }) => set ?? map ?? []);
}

function timedElement(place: SetReference, listed: NonNullable<SetListing['elem']>[number]): TimedElement | null {
  const [element, mark] = isPair(listed) ? listed : [listed, null];
  if (typeof element !== 'object' || !('elem' in element)) return null;
  const { val, timeout, expires: secondsLeft = 0 } = element.elem;
  if (timeout === undefined) return null;
  const words = typeof val === 'object' ? val.concat : [val];
  return { place, key: words.map(String), mark, timeout, secondsLeft };
}

function isPair(listed: NonNullable<SetListing['elem']>[number]): listed is readonly [ElementListing, number] {
  return Array.isArray(listed);
}
