/** Which namespaces are the lab's: by the kernel's own record, and by what the lab has said that it would make. */
import { inspectNamespace } from '../kernel/inspect.js';
import type { Inspected, Kernel } from '../kernel/kernel.js';
import { FINGERPRINT, namespacePrefix, OWNER, ownershipTag, owningLab, PREFIX } from '../kernel/lab-names.js';
import { listNetns } from '../kernel/netns.js';
import { ForeignObjectError } from './errors.js';

/** What namespaces are born with: `lo`, and what tunnel modules add (kernel: net.core.fb_tunnels_only_for_init_net). */
export const DEFAULT_LINKS: ReadonlySet<string> = new Set(
  'lo tunl0 gre0 gretap0 erspan0 ip_vti0 sit0 ip6tnl0 ip6gre0 ip6_vti0'.split(' '),
);

/** A namespace as the kernel has it: that needs no file of ours. */
export interface FoundNamespace {
  readonly name: string;
  /** Of the state by which it was completed; 0 while it was never completed. */
  readonly fingerprint: number;
  readonly links: ReadonlySet<string>;
}

export class Ownership {
  readonly #lab: string;
  readonly #kernel: Kernel;
  #claimed: ReadonlySet<string>;

  /** @param claimed what an earlier process of ours was about to make when it was killed: ours without a mark */
  constructor(lab: string, kernel: Kernel, claimed: ReadonlySet<string>) {
    this.#lab = lab;
    this.#kernel = kernel;
    this.#claimed = claimed;
  }

  /** @throws ForeignObjectError when something that is not ours has one of these names */
  refuseForeign(names: { has(name: string): boolean }): void {
    refuse(this.#read().foreign.filter((name) => names.has(name)));
  }

  /** By name. */
  present(): ReadonlyMap<string, FoundNamespace> {
    return this.#read().ours;
  }

  /** Says that we are about to make these, which cannot be there. @throws ForeignObjectError when one is, and claims nothing */
  claim(names: readonly string[]): void {
    const present = new Set(this.#kernel.list());
    refuse(names.filter((name) => present.has(name)));
    this.#claimed = new Set([...this.#claimed, ...names]);
  }

  /**
   * One with another mark is another lab's: `a` with an instance `b-web` and `a-b` with an instance `web` use the same name.
   * One without a mark is ours only when we said that we would make it, and nobody has put anything into it.
   */
  #read(): { ours: Map<string, FoundNamespace>; foreign: string[] } {
    const ours = new Map<string, FoundNamespace>();
    const foreign: string[] = [];
    for (const name of this.#kernel.list().filter((each) => each.startsWith(namespacePrefix(this.#lab)))) {
      const { owner, found } = this.#inspect(name);
      const isUnfinished =
        owner === 0 && this.#claimed.has(name) && [...found.links].every((link) => DEFAULT_LINKS.has(link));
      if (owner === ownershipTag(this.#lab) || isUnfinished) ours.set(name, found);
      else foreign.push(name);
    }
    return { ours, foreign };
  }

  /** What cannot be entered belongs to nobody and holds nothing. */
  #inspect(name: string): { owner: number; found: FoundNamespace } {
    const inspected = this.#kernel.inspect(name, [OWNER, FINGERPRINT]);
    const fingerprint = inspected?.sysctls[1];
    const links = inspected?.links ?? new Set<string>();
    return { owner: markOf(inspected), found: { name, fingerprint: Number(fingerprint ?? 0), links } };
  }
}

/** Names of all labs that the kernel knows. */
export function labsInKernel(): string[] {
  const labs = listNetns()
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => owningLab(name, markOf(inspectNamespace(name, [OWNER]))));
  return [...new Set(labs.filter((lab) => lab !== null))].sort();
}

/** Of a machine its owner, whatever its kernel parameters say: root inside can write them. 0 where there is no mark. */
function markOf(inspected: Inspected | null): number {
  return inspected?.owner || Number(inspected?.sysctls[0] ?? 0);
}

function refuse(foreign: readonly string[]): void {
  if (foreign.length > 0) throw new ForeignObjectError(foreign);
}
