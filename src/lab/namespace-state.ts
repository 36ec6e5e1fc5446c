/**
 * The desired state: which namespaces, links, addresses and routes a cloud needs. Pure data; what packets may do there is
 * the rulesets' business.
 */
import type { Cloud } from '../cloud/types.js';
import { FINGERPRINT, hash31, OWNER, ownershipTag } from '../kernel/lab-names.js';
import type { Bridge, Link, Routing, Setting } from '../kernel/objects.js';
import type { Sysctls } from '../kernel/sysctl.js';
import type { Ruleset } from '../ruleset/ruleset.js';

/** Everything that the kernel is to hold in one namespace, apart from its ruleset. */
export interface Layout {
  readonly name: string;
  /** Whether programs of a user run inside, whose root has power over this namespace and nothing else. */
  readonly isMachine: boolean;
  /** Another instance of the same name is another machine. */
  readonly resourceId: string;
  /** Written before any link exists, so that links inherit them. */
  readonly sysctls: Sysctls;
  readonly bridges: readonly Bridge[];
  /** Those that it is the near end of: they come and go with it. */
  readonly links: readonly Link[];
  /** Set in this order when the links exist and the ruleset is in force. */
  readonly settings: readonly Setting[];
  /** Set when its links exist; absent where there never is any. */
  readonly routing?: Routing;
  /**
   * A card, or the machine of an external host, is removed and built anew when an earlier process has left it otherwise than
   * it is wanted now. Instances (users' processes live there) and routers (others depend on them) are changed in place: an
   * address or a route that is no longer wanted goes with the link of the card that is rebuilt. Of what this process has
   * made it knows what to change (`reconcile.ts`).
   */
  readonly rebuildOnChange: boolean;
  /** Addresses that are configured at the far ends of its links: when they change, the links must go. */
  readonly addressesBehindLinks?: readonly string[];
}

export interface NamespaceState extends Layout {
  /** What filters here; null where a machine of a user lives: nothing of ours is inside it. */
  readonly ruleset: (() => Ruleset) | null;
}

/** By name. */
export type States = ReadonlyMap<string, NamespaceState>;

/** A namespace as a part of the plan, whose ruleset is worked out when it is asked for. */
export interface NamespacePlan extends Layout {
  readonly ruleset: ((cloud: Cloud) => Ruleset) | null;
}

/** Stands for everything in a namespace that is not its ruleset. */
export function fingerprintOf({ name: _, ruleset: __, ...layout }: Layout & { readonly ruleset: unknown }): number {
  return hash31(JSON.stringify(layout));
}

/** The kernel parameters by which a later process knows a complete namespace; a machine's owner is no parameter. */
export function marksOf(lab: string, state: NamespaceState): Sysctls {
  const owner = state.isMachine ? {} : { [OWNER]: ownershipTag(lab) };
  return { ...owner, [FINGERPRINT]: fingerprintOf(state) };
}
