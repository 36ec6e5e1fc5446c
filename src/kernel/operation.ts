/** What can be done to the kernel, as data. Everything else that a lab does is deciding which of it, and in what order. */
import type { Ruleset } from '../ruleset/ruleset.js';
import type { Bridge, Link, LinkEnd, Routing, Setting } from './objects.js';
import type { Sysctls } from './sysctl.js';

export type Operation =
  | Remove
  | Create
  | { readonly type: 'sysctls'; readonly namespace: string; readonly sysctls: Sysctls }
  | AddBridge
  | AddLink
  | LoadRuleset
  | ChangeRuleset
  | { readonly type: 'set'; readonly namespace: string; readonly settings: readonly Setting[] }
  | { readonly type: 'unset'; readonly namespace: string; readonly settings: readonly Setting[] }
  | ChangeRouting
  | Await;

export type OperationOf<T extends Operation['type']> = Extract<Operation, { readonly type: T }>;

/** Makes a namespace. */
export interface Create {
  readonly type: 'create';
  readonly namespace: string;
  /** The owner of the user namespace to which alone it belongs (`user-namespaces.ts`); null: it is the host's own. */
  readonly owner: number | null;
}

/** The other ends of its links go before everything else, so that nothing of it answers any more; its processes end. */
export interface Remove {
  readonly type: 'remove';
  readonly namespace: string;
  readonly farEnds: readonly LinkEnd[];
}

export interface AddBridge {
  readonly type: 'bridge';
  readonly namespace: string;
  readonly bridge: Bridge;
}

/** `namespace` is the one of the near end. */
export interface AddLink {
  readonly type: 'link';
  readonly namespace: string;
  readonly link: Link;
}

/** Puts a whole ruleset in the place of whatever there is. */
export interface LoadRuleset {
  readonly type: 'load ruleset';
  readonly namespace: string;
  readonly to: Ruleset;
  /** As nft reads it. */
  readonly text: string;
}

/** One transaction, which keeps what does not change: counters, and elements that packets have put into sets. */
export interface ChangeRuleset {
  readonly type: 'change ruleset';
  readonly namespace: string;
  readonly to: Ruleset;
  readonly text: string;
}

export interface ChangeRouting {
  readonly type: 'route';
  readonly namespace: string;
  /** Null: nobody knows, and the kernel is asked. */
  readonly from: Routing | null;
  readonly to: Routing;
}

/**
 * `free names`: the kernel takes a removed namespace apart later, and until then the other ends of its links keep their
 * names. `carrier`: the kernel's own worker tells a link that its partner is there, and until then its packets are lost.
 */
export interface Await {
  readonly type: 'free names' | 'carrier';
  readonly namespace: string;
  readonly links: readonly string[];
}
