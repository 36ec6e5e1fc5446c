/** What a lab knows of its namespaces: what this process has made, or has read from the kernel. */
import { set } from '../kernel/ip-text.js';
import { type Link, type LinkEnd, NO_ROUTING, type Routing, type Setting } from '../kernel/objects.js';
import type { Operation } from '../kernel/operation.js';
import type { Sysctls } from '../kernel/sysctl.js';
import type { Ruleset } from '../ruleset/ruleset.js';
import { fingerprintOf, type NamespaceState } from './namespace-state.js';

export interface KnownNamespace {
  /**
   * `broken`: its building, or its removal, did not come to its end, or it is another one than is wanted; it can only be
   * removed. `changing`: a change of it did not come to its end; it may have parts of what was before and of what was to be.
   */
  readonly status: 'whole' | 'changing' | 'broken';
  /** An earlier process has left it: its ruleset is not known, nor whether its links carry. */
  readonly isFound: boolean;
  /** Of the state by which it was marked as complete. */
  readonly fingerprint: number | null;
  readonly resourceId: string;
  /** Those that it is the near end of. */
  readonly links: readonly Link[];
  /** While it is changing: all that it may have. */
  readonly settings: readonly Setting[];
  /** Null: nobody knows; the same for everything that can be null here. */
  readonly sysctls: Sysctls | null;
  readonly routing: Routing | null;
  /** `none`: nothing of ours filters. */
  readonly ruleset: Ruleset | 'none' | null;
}

export class Known {
  readonly #namespaces = new Map<string, KnownNamespace>();

  get(name: string): KnownNamespace | undefined {
    return this.#namespaces.get(name);
  }

  names(): string[] {
    return [...this.#namespaces.keys()];
  }

  /** Those of which a change did not come to its end. */
  unfinished(): string[] {
    return [...this.#namespaces].flatMap(([name, { status }]) => (status === 'whole' ? [] : [name]));
  }

  set(name: string, known: KnownNamespace): void {
    this.#namespaces.set(name, known);
  }

  clear(): void {
    this.#namespaces.clear();
  }

  /**
   * Somebody else has changed it: nobody knows what it has, but its ruleset where that is the lab's.
   * @param foreign settings that it has, too
   * @param routing null where only the kernel knows
   */
  distrust(
    name: string,
    { isRuleset, foreign, routing }: { isRuleset: boolean; foreign: readonly Setting[]; routing: Routing | null },
  ): void {
    const known = this.#namespaces.get(name);
    if (known === undefined) return;
    this.#beginSettings(name, foreign);
    this.#update(name, { sysctls: null, routing, ...(isRuleset ? { ruleset: null } : {}) });
  }

  /** Links of it are gone or are others: it is made anew, with all that is linked to it. */
  ruin(name: string): void {
    for (const each of [name, ...this.#linkedTo(name)]) this.#update(each, { status: 'broken' });
  }

  /** Before the kernel is asked for it: from here on it may have been done, or not. */
  begin(operation: Operation, wanted: NamespaceState | undefined): void {
    switch (operation.type) {
      case 'create':
        if (wanted !== undefined) this.set(wanted.name, justCreated(wanted));
        return;
      case 'remove':
        for (const name of [operation.namespace, ...this.#linkedTo(operation.namespace)]) {
          this.#update(name, { status: 'broken' });
        }
        return;
      case 'sysctls':
        // The kernel takes the addresses of a family away that is switched off.
        this.#beginSettings(operation.namespace, wanted?.settings ?? []);
        this.#update(operation.namespace, { sysctls: null });
        return;
      case 'set':
      case 'unset':
        this.#beginSettings(operation.namespace, wanted?.settings ?? []);
        return;
      case 'route':
        this.#update(operation.namespace, { routing: null });
        return;
    }
  }

  /** It is in force. */
  finish(operation: Operation, wanted: NamespaceState | undefined): void {
    switch (operation.type) {
      case 'remove':
        this.#namespaces.delete(operation.namespace);
        for (const end of operation.farEnds) this.#loseLink(end);
        return;
      case 'sysctls':
        this.#update(operation.namespace, { sysctls: wanted?.sysctls ?? null });
        return;
      case 'load ruleset':
      case 'change ruleset':
        this.#update(operation.namespace, { ruleset: operation.to });
        return;
      case 'route':
        this.#update(operation.namespace, { routing: operation.to });
        return;
    }
  }

  /** Of its ruleset nobody knows whether it is in force. */
  doubt({ namespace }: Operation): void {
    const known = this.#namespaces.get(namespace);
    if (known === undefined) return;
    this.#update(namespace, { ruleset: null, status: changing(known) });
  }

  /** Everything of it is as it is wanted. */
  complete(state: NamespaceState): void {
    const { name, settings } = state;
    this.#update(name, { status: 'whole', isFound: false, fingerprint: fingerprintOf(state), settings });
  }

  #beginSettings(name: string, wanted: readonly Setting[]): void {
    const known = this.#namespaces.get(name);
    if (known === undefined) return;
    const either = new Map([...known.settings, ...wanted].map((setting) => [set(setting), setting]));
    this.#update(name, { status: changing(known), settings: [...either.values()] });
  }

  /** The kernel removes the routes of a link with it. */
  #loseLink({ namespace, name }: LinkEnd): void {
    const routing = this.#namespaces.get(namespace)?.routing;
    if (!routing) return;
    this.#update(namespace, { routing: { ...routing, routes: routing.routes.filter(({ link }) => link !== name) } });
  }

  /** Namespaces that have a link into it, which goes with it. */
  #linkedTo(namespace: string): string[] {
    return [...this.#namespaces].flatMap(([name, { links }]) =>
      links.some(({ far }) => far.namespace === namespace) ? [name] : [],
    );
  }

  #update(name: string, change: Partial<KnownNamespace>): void {
    const known = this.#namespaces.get(name);
    if (known !== undefined) this.set(name, { ...known, ...change });
  }
}

function changing({ status }: KnownNamespace): KnownNamespace['status'] {
  return status === 'broken' ? 'broken' : 'changing';
}

function justCreated({ resourceId, links }: NamespaceState): KnownNamespace {
  const nothing = { settings: [], sysctls: {}, routing: NO_ROUTING, ruleset: 'none' } as const;
  return { status: 'broken', isFound: false, fingerprint: null, resourceId, links, ...nothing };
}
