/** What separates a running lab from a new plan. Pure: the lab knows what it has made, so the kernel is not asked. */
import { type ConfigurationChange, configurationDifference } from './configuration-difference.js';
import type { LabPlan, LinkEnd, LinkPlan, NamespacePlan } from './plan.js';

/** A namespace as it was made. */
export interface Built {
  readonly plan: NamespacePlan;
  /** Those that it is the near end of. */
  readonly links: readonly LinkPlan[];
  /** `begun`: a change of it, or its building, did not come to its end; it may have parts of either. */
  readonly state: 'complete' | 'begun';
  /** By which a change of it began. */
  readonly attempted?: NamespacePlan;
}

export interface Reshaping {
  /** Namespaces that are removed and made anew. */
  readonly rebuild: readonly string[];
  readonly create: readonly NamespacePlan[];
  readonly links: readonly LinkPlan[];
  /** What changes in place. */
  readonly configure: readonly { readonly namespace: NamespacePlan; readonly change: ConfigurationChange }[];
  /** By namespace: links that were or will be removed or made anew. Routes over them have gone with them. */
  readonly lostLinks: ReadonlyMap<string, ReadonlySet<string>>;
}

type BuiltNamespaces = ReadonlyMap<string, Built>;

export function reshape(plan: LabPlan, built: BuiltNamespaces): Reshaping {
  const wanted = linksByNear(plan.links);
  const planned = [...plan.namespaces.values()];
  const create = planned.filter((namespace) => !isKept(namespace, wanted.get(namespace.name) ?? [], built));
  const created = new Set(create.map(({ name }) => name));
  const links = plan.links.filter(({ near }) => created.has(near.namespace));
  const removed = [...built].filter(([name]) => created.has(name) || !plan.namespaces.has(name));
  const fresh = farLinks(links);
  const gone = farLinks(removed.flatMap(([, { links: own }]) => own));
  const configure = planned
    .filter(({ name }) => !created.has(name))
    .map((namespace) => ({ namespace, change: changeOf(namespace, built, { fresh, gone }) }))
    .filter(({ change }) => change.set.length > 0 || change.undo.length > 0);
  return { rebuild: [...created].filter((name) => built.has(name)), create, links, configure, lostLinks: gone };
}

/** The other ends of a namespace's links, where they stay when the namespace goes. */
export function farEnds(built: Built | undefined, going: ReadonlySet<string>): LinkEnd[] {
  return (built?.links ?? []).map(({ far }) => far).filter(({ namespace }) => !going.has(namespace));
}

/** Links come and go with their near end, so a namespace whose own links differ is made anew. */
function isKept(namespace: NamespacePlan, links: readonly LinkPlan[], built: BuiltNamespaces): boolean {
  const found = built.get(namespace.name);
  if (found === undefined || (found.state === 'begun' && found.attempted === undefined)) return false;
  if (found.plan.stands !== namespace.stands || found.links.length !== links.length) return false;
  return links.every((link, at) => isSameLink(link, found.links[at]));
}

function isSameLink(link: LinkPlan, other: LinkPlan | undefined): boolean {
  return link === other || JSON.stringify(link) === JSON.stringify(other);
}

type Links = ReadonlyMap<string, ReadonlySet<string>>;
const NONE: ReadonlySet<string> = new Set();

function changeOf(
  { name, configuration }: NamespacePlan,
  built: BuiltNamespaces,
  { fresh, gone }: { readonly fresh: Links; readonly gone: Links },
): ConfigurationChange {
  const found = built.get(name);
  const before = found?.plan.configuration ?? [];
  const links = { fresh: fresh.get(name) ?? NONE, gone: gone.get(name) ?? NONE };
  if (found?.attempted === undefined) return configurationDifference(before, configuration, links);
  // Nobody knows how far the change came: all is set again, and all that either had is taken away.
  const either = [...before, ...found.attempted.configuration];
  return { set: configuration, undo: configurationDifference(either, configuration, links).undo };
}

function farLinks(links: readonly LinkPlan[]): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { far } of links) names.set(far.namespace, (names.get(far.namespace) ?? new Set()).add(far.name));
  return names;
}

export function linksByNear(links: readonly LinkPlan[]): Map<string, LinkPlan[]> {
  const groups = new Map<string, LinkPlan[]>();
  for (const link of links) {
    const group = groups.get(link.near.namespace);
    if (group) group.push(link);
    else groups.set(link.near.namespace, [link]);
  }
  return groups;
}
