/** The routes and routing rules that are in force in a lab's namespaces. */
import { ipBatch } from '../kernel/ip.js';
import type { Netns } from '../kernel/netns.js';
import { readRouting } from './actual-routing.js';
import type { NamespacePlan } from './plan.js';
import type { RoutingPlan } from './route-plan.js';
import { NO_ROUTING, routingDifference, withoutLinks } from './routing-difference.js';

const NO_LINKS: ReadonlySet<string> = new Set();

export class Routings {
  readonly #netns: (name: string) => Netns;
  readonly #inForce = new Map<string, RoutingPlan>();

  constructor(netns: (name: string) => Netns) {
    this.#netns = netns;
  }

  /** The tables of a namespace that was just made are known to be empty. */
  begin(name: string): void {
    this.#inForce.set(name, NO_ROUTING);
  }

  forget(name: string): void {
    this.#inForce.delete(name);
  }

  clear(): void {
    this.#inForce.clear();
  }

  /**
   * Brings each to what its plan says; what this process does not know, as after a failure, the kernel is asked.
   * @returns those in which anything had to change
   */
  async update(
    namespaces: Iterable<NamespacePlan>,
    lostLinks: ReadonlyMap<string, ReadonlySet<string>> = new Map(),
  ): Promise<NamespacePlan[]> {
    const changed: NamespacePlan[] = [];
    for (const namespace of namespaces) {
      const { name, routing = NO_ROUTING } = namespace;
      if (namespace.routing === undefined && !this.#inForce.has(name)) continue;
      const known = this.#inForce.get(name) ?? (await readRouting(this.#netns(name)));
      const commands = routingDifference(withoutLinks(known, lostLinks.get(name) ?? NO_LINKS), routing);
      if (commands.length > 0) {
        this.#inForce.delete(name);
        await ipBatch(commands, this.#netns(name));
        changed.push(namespace);
      }
      this.#inForce.set(name, routing);
    }
    return changed;
  }
}
