/** What separates the kernel from the plan. Pure. */

import { hash31 } from '../kernel/lab-names.js';
import type { ActualNamespace } from './actual.js';
import type { LabPlan, LinkPlan, NamespacePlan } from './plan.js';
import { linksByNear } from './reshaping.js';

type ActualNamespaces = ReadonlyMap<string, ActualNamespace>;

export interface Difference {
  /** Namespaces to remove: not planned, never completed, or outlived by their plan. */
  readonly remove: readonly string[];
  readonly create: readonly NamespacePlan[];
  readonly links: readonly LinkPlan[];
  /** Namespaces whose `ip` configuration must run: new ones, changed ones, and those that get a new link. */
  readonly configure: readonly NamespacePlan[];
}

/** Stands for everything in a namespace that is not its ruleset. */
export function fingerprintOf(plan: LabPlan, namespace: NamespacePlan): number {
  const { stands, sysctls, bridges, initialConfiguration, configuration, routing, addressesBehindLinks } = namespace;
  const links = plan.links.filter((link) => link.near.namespace === namespace.name);
  const parts = [stands, sysctls, bridges, initialConfiguration, configuration, routing, addressesBehindLinks, links];
  return hash31(JSON.stringify(parts));
}

export function compare(plan: LabPlan, actual: ActualNamespaces): Difference {
  const kept = keptNamespaces(plan, actual);
  const planned = [...plan.namespaces.values()];
  const links = plan.links.filter((link) => !kept.has(link.near.namespace));
  const newEnds = new Set(links.flatMap((link) => [link.near.namespace, link.far.namespace]));
  return {
    remove: [...actual.keys()].filter((name) => !kept.has(name)),
    create: planned.filter((namespace) => !kept.has(namespace.name)),
    links,
    configure: planned.filter(
      (namespace) =>
        newEnds.has(namespace.name) || kept.get(namespace.name)?.fingerprint !== fingerprintOf(plan, namespace),
    ),
  };
}

/** A namespace stays when it was completed, its own plan still holds, and every link that it is the near end of is whole. */
function keptNamespaces(plan: LabPlan, actual: ActualNamespaces): Map<string, ActualNamespace> {
  const nearLinks = linksByNear(plan.links);
  const complete = (namespace: NamespacePlan) => {
    const found = actual.get(namespace.name);
    if (found === undefined || found.fingerprint === 0) return undefined;
    return namespace.rebuildOnChange && found.fingerprint !== fingerprintOf(plan, namespace) ? undefined : found;
  };
  const kept = new Map<string, ActualNamespace>();
  // Far ends first: a link into a namespace that goes cannot be whole.
  const planned = [...plan.namespaces.values()];
  for (const namespace of planned.filter(({ name }) => !nearLinks.has(name))) {
    const found = complete(namespace);
    if (found) kept.set(namespace.name, found);
  }
  for (const namespace of planned.filter(({ name }) => nearLinks.has(name))) {
    const found = complete(namespace);
    const whole = nearLinks
      .get(namespace.name)
      ?.every((link) => found?.links.has(link.near.name) && kept.get(link.far.namespace)?.links.has(link.far.name));
    if (found && whole) kept.set(namespace.name, found);
  }
  return kept;
}
