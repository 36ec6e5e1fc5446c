/** Things that are open in namespaces, kept in step with what there is to be. */
import type { Netns, OpenNamespaces } from '../kernel/netns.js';

/** What lives above a lab's kernel objects and stands or falls with a change of them. */
export interface Staged {
  /** Makes what needs namespaces, links or addresses that are new: they are there now. @throws when it cannot */
  grow(): Promise<void>;
  /** Lets go of what the new state does not have. Namespaces that go have no name and no link any more. */
  commit(): void;
  /** Lets go of what was made for the change. */
  undo(): void;
}

/** Something to open once, under a key of its own. */
export interface DesiredResource {
  readonly key: string;
  readonly namespace: string;
  /** Whether it can be opened before the change: everything that it needs is there already. */
  readonly isReady: boolean;
  /** @throws when it cannot be */
  readonly open: (netns: Netns) => { close(): void };
}

interface Opened {
  readonly netns: Netns;
  close(): void;
}

export class OpenSet {
  readonly #namespaces: OpenNamespaces;
  #open = new Map<string, Opened>();

  constructor(namespaces: OpenNamespaces) {
    this.#namespaces = namespaces;
  }

  /**
   * Opens what is wanted and can be opened now; `grow` opens the rest, `commit` closes what is no longer wanted, or is in a
   * namespace that was made anew, and `undo` what was opened. @throws what `open` throws; nothing has changed then
   */
  stage(desired: readonly DesiredResource[]): Staged {
    const added = new Map<string, Opened>();
    const undo = () => {
      for (const each of added.values()) each.close();
      added.clear();
    };
    const open = (each: DesiredResource) => {
      const netns = this.#namespaces.netns(each.namespace);
      if (this.#open.get(each.key)?.netns === netns || added.get(each.key)?.netns === netns) return;
      added.get(each.key)?.close();
      added.set(each.key, { netns, ...each.open(netns) });
    };
    const openAll = (those: readonly DesiredResource[]) => {
      try {
        for (const each of those) open(each);
      } catch (error) {
        undo();
        throw error;
      }
    };
    openAll(desired.filter(({ isReady }) => isReady));
    return {
      grow: async () => openAll(desired),
      commit: () => {
        const next = new Map(desired.flatMap(({ key }) => this.#chosen(key, added)));
        const kept = new Set(next.values());
        for (const each of this.#open.values()) if (!kept.has(each)) each.close();
        this.#open = next;
      },
      undo,
    };
  }

  close(): void {
    for (const each of this.#open.values()) each.close();
    this.#open.clear();
  }

  #chosen(key: string, added: ReadonlyMap<string, Opened>): [string, Opened][] {
    const chosen = added.get(key) ?? this.#open.get(key);
    return chosen === undefined ? [] : [[key, chosen]];
  }
}
