/** What an earlier process has left, as far as the kernel and the journal say it. Pure. */
import { NO_ROUTING } from '../kernel/objects.js';
import type { KnownNamespace } from './known.js';
import { fingerprintOf, type NamespaceState, type States } from './namespace-state.js';
import type { FoundNamespace } from './ownership.js';

type Found = ReadonlyMap<string, FoundNamespace>;

/**
 * A namespace is trusted as it is wanted where its mark says so and none of its links is new. Of one that is only changed in
 * place nothing is known, but what an earlier plan had in it. Everything else is removed.
 * @param earlier of which a killed process may have left parts
 */
export function takeOver(found: Found, wanted: States, earlier: States): Map<string, KnownNamespace> {
  const kept = keptNames(found, wanted);
  const fresh = new Set(
    [...wanted.values()]
      .filter(({ name }) => !kept.has(name))
      .flatMap(({ links }) => links.map(({ far }) => far.namespace)),
  );
  const known = (name: string): KnownNamespace => {
    const state = wanted.get(name);
    if (state === undefined || !kept.has(name)) return BROKEN;
    const { resourceId, links } = state;
    const isTrusted = !fresh.has(name) && isAsWanted(found, state);
    const { settings, sysctls, routing = NO_ROUTING } = state;
    return isTrusted
      ? { ...BROKEN, status: 'whole', fingerprint: fingerprintOf(state), resourceId, links, settings, sysctls, routing }
      : { ...BROKEN, status: 'changing', resourceId, links, settings: earlier.get(name)?.settings ?? [] };
  };
  return new Map([...found.keys()].map((name) => [name, known(name)]));
}

const BROKEN: KnownNamespace = {
  status: 'broken',
  isFound: true,
  fingerprint: null,
  resourceId: '',
  links: [],
  settings: [],
  sysctls: null,
  routing: null,
  ruleset: null,
};

/** Those that were completed, whose state still holds where it must, and whose own links are all whole. */
function keptNames(found: Found, wanted: States): ReadonlySet<string> {
  const kept = new Set<string>();
  const isComplete = (state: NamespaceState) => {
    const { fingerprint } = found.get(state.name) ?? { fingerprint: 0 };
    return fingerprint !== 0 && (!state.rebuildOnChange || isAsWanted(found, state));
  };
  const has = (namespace: string, link: string) => found.get(namespace)?.links.has(link) === true;
  // Far ends first: a link into a namespace that goes cannot be whole.
  const states = [...wanted.values()].sort((a, b) => Math.sign(a.links.length) - Math.sign(b.links.length));
  for (const state of states) {
    const isWhole = state.links.every(
      ({ near, far }) => has(state.name, near.name) && kept.has(far.namespace) && has(far.namespace, far.name),
    );
    if (isComplete(state) && isWhole) kept.add(state.name);
  }
  return kept;
}

function isAsWanted(found: Found, state: NamespaceState): boolean {
  return found.get(state.name)?.fingerprint === fingerprintOf(state);
}
