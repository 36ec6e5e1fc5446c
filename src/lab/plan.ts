/**
 * The desired state: which namespaces, links, addresses and routes a cloud needs. Pure data; what packets may do there is
 * the rulesets' business.
 */
import type { Sysctls } from '../kernel/sysctl.js';
import type { Ruleset } from '../ruleset/index.js';
import type { RoutingPlan } from './route-plan.js';

/** A veth pair. */
export interface LinkPlan {
  /** Made up at once; the pair carries nothing until its far end is up, and that waits for the rulesets. */
  readonly near: LinkEnd & { readonly index: number; readonly master?: number };
  readonly far: LinkEnd;
  readonly mtu: number;
}

export interface LinkEnd {
  readonly namespace: string;
  readonly name: string;
  /** The kernel chooses one where it does not matter. */
  readonly macAddress?: string;
}

export interface BridgePlan {
  readonly name: string;
  readonly index: number;
}

export interface NamespacePlan {
  readonly name: string;
  /** The id of what it stands for: another instance of the same name is another machine. */
  readonly stands: string;
  /** Written before any link exists, so that links inherit them. */
  readonly sysctls: Sysctls;
  /** Bridges to make, with their interface index. */
  readonly bridges: readonly BridgePlan[];
  /** `ip` commands for a namespace that was just made. */
  readonly initialConfiguration?: readonly string[];
  /** `ip` commands, run when the links exist and the ruleset is in force; all of them may be repeated. */
  readonly configuration: readonly string[];
  /** Routes and rules that change while the namespace runs, set when its links exist; absent where none do. */
  readonly routing?: RoutingPlan;
  /**
   * A card, or the machine of an external host, is removed and built anew when its plan has changed. Instances (users'
   * processes live there) and routers (others depend on them) are changed in place: an address or a route that is no
   * longer wanted goes with the link of the card that is rebuilt. That is for what an earlier process left: of what this one
   * has made it knows what to change (src/lab/reshaping.ts).
   */
  readonly rebuildOnChange: boolean;
  /** Addresses that are configured at the far ends of its links: when they change, the links must go. */
  readonly addressesBehindLinks?: readonly string[];
  /** What filters here; absent where a machine of a user lives: nothing of ours is inside it. */
  readonly ruleset: (() => Ruleset) | null;
}

export interface PlanPart {
  readonly namespaces: readonly NamespacePlan[];
  readonly links: readonly LinkPlan[];
}

export interface LabPlan {
  readonly lab: string;
  readonly namespaces: ReadonlyMap<string, NamespacePlan>;
  readonly links: readonly LinkPlan[];
}

export function joinPlan(lab: string, parts: readonly PlanPart[]): LabPlan {
  const namespaces = parts.flatMap((part) => part.namespaces);
  return {
    lab,
    namespaces: new Map(namespaces.map((namespace) => [namespace.name, namespace])),
    links: parts.flatMap((part) => part.links),
  };
}
