/** What separates the namespaces that are known from those that are wanted. Pure. */

import { routingLines, set, settingKey } from '../kernel/ip-text.js';
import { type Link, NO_ROUTING, type Routing, type Setting } from '../kernel/objects.js';
import type { Sysctls } from '../kernel/sysctl.js';
import type { Known, KnownNamespace } from './known.js';
import type { NamespaceState, States } from './namespace-state.js';

export interface Shape {
  readonly created: readonly NamespaceState[];
  readonly createdNames: ReadonlySet<string>;
  /** Those of the created that are there otherwise, and are removed before. */
  readonly rebuilt: readonly string[];
  readonly kept: readonly KeptNamespace[];
  /** Known, and not wanted. */
  readonly gone: readonly string[];
}

/** A namespace that is changed in place, or not at all. */
export interface KeptNamespace {
  readonly state: NamespaceState;
  readonly known: KnownNamespace;
  readonly settings: SettingsChange;
  /** Those that differ; all where nobody knows what there is. */
  readonly sysctls: Sysctls;
  /** Null: nothing changes. */
  readonly routing: { readonly from: Routing | null; readonly to: Routing } | null;
}

export interface Compared {
  readonly known: Known;
  readonly wanted: States;
  readonly touched: Iterable<string>;
}

export function compare({ known, wanted, touched }: Compared): Shape {
  const names = [...new Set([...touched, ...known.unfinished()])];
  const planned = names.flatMap((name) => wanted.get(name) ?? []);
  const created = planned.filter((state) => !isKept(state, known.get(state.name)));
  const createdNames = new Set(created.map(({ name }) => name));
  const rebuilt = [...createdNames].filter((name) => known.get(name) !== undefined);
  const gone = names.filter((name) => !wanted.has(name) && known.get(name) !== undefined);
  const fresh = farLinks(created.flatMap(({ links }) => links));
  const lost = farLinks([...rebuilt, ...gone].flatMap((name) => known.get(name)?.links ?? []));
  const changed = planned.map(({ name }) => name).filter((name) => !createdNames.has(name));
  const kept = [...new Set([...changed, ...fresh.keys(), ...lost.keys()])].flatMap((name): KeptNamespace[] => {
    const [state, before] = [wanted.get(name), known.get(name)];
    if (state === undefined || before === undefined || createdNames.has(name)) return [];
    return [keptOf(state, before, { fresh: fresh.get(name) ?? NONE, gone: lost.get(name) ?? NONE })];
  });
  return { created, createdNames, rebuilt, kept, gone };
}

const NONE: ReadonlySet<string> = new Set();

/** Links come and go with their near end, so a namespace whose own links differ is made anew. */
function isKept(state: NamespaceState, known: KnownNamespace | undefined): boolean {
  if (known === undefined || known.status === 'broken') return false;
  return known.resourceId === state.resourceId && isSame(known.links, state.links);
}

function keptOf(
  state: NamespaceState,
  known: KnownNamespace,
  links: { readonly fresh: ReadonlySet<string>; readonly gone: ReadonlySet<string> },
): KeptNamespace {
  const before = { settings: known.settings, isCertain: known.status === 'whole' };
  return {
    state,
    known,
    settings: settingsDifference(before, state.settings, links),
    sysctls: sysctlsDifference(known.sysctls, state.sysctls),
    routing: routingDifference(known.routing, state.routing, links.gone),
  };
}

function sysctlsDifference(before: Sysctls | null, wanted: Sysctls): Sysctls {
  if (before === null) return wanted;
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => before[key] !== value));
}

function routingDifference(
  before: Routing | null,
  wanted: Routing | undefined,
  gone: ReadonlySet<string>,
): KeptNamespace['routing'] {
  const to = wanted ?? NO_ROUTING;
  if (before === null) return wanted === undefined ? null : { from: null, to };
  // The kernel removes routes with their link.
  const from = { ...before, routes: before.routes.filter(({ link }) => link === undefined || !gone.has(link)) };
  return routingLines(from, to).length === 0 ? null : { from, to };
}

function isSame(one: readonly Link[], other: readonly Link[]): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function farLinks(links: readonly Link[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { far } of links) names.set(far.namespace, (names.get(far.namespace) ?? new Set()).add(far.name));
  return names;
}

interface SettingsChange {
  /** In order. */
  readonly set: readonly Setting[];
  /** What is no longer wanted, the newest first; some of it may be gone already, with a link or an address. */
  readonly unset: readonly Setting[];
}

/** Links of one namespace that come and go with their near ends. */
interface FarLinks {
  /** All that is about them is set again. */
  readonly fresh: ReadonlySet<string>;
  /** What was about them goes with them. */
  readonly gone: ReadonlySet<string>;
}

/** @param before null: nobody knows what there is, so everything is set */
function settingsDifference(
  before: { readonly settings: readonly Setting[]; readonly isCertain: boolean },
  wanted: readonly Setting[],
  { fresh, gone }: FarLinks,
): SettingsChange {
  const had = new Set(before.isCertain ? before.settings.map(set) : []);
  const keys = new Set(wanted.map(settingKey));
  return {
    set: wanted.filter((setting) => !had.has(set(setting)) || fresh.has(setting.link ?? '')),
    unset: before.settings
      .filter((setting) => setting.type !== 'up' && !keys.has(settingKey(setting)) && !gone.has(setting.link ?? ''))
      .reverse(),
  };
}
