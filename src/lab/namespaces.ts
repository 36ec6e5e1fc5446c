/** The namespaces of one lab: which are ours, and the descriptors by which they are entered. */
import { closeNetns, listNetns, type Netns, openNetns } from '../kernel/netns.js';
import { type ActualNamespace, readLab } from './actual.js';
import { ForeignObjectError } from './errors.js';
import type { LabPlan } from './plan.js';

/** What namespaces are born with: `lo`, and what tunnel modules add (kernel: net.core.fb_tunnels_only_for_init_net). */
const BORN_WITH: ReadonlySet<string> = new Set(
  'lo tunl0 gre0 gretap0 erspan0 ip_vti0 sit0 ip6tnl0 ip6gre0 ip6_vti0'.split(' '),
);

export class Namespaces {
  readonly #lab: string;
  readonly #open = new Map<string, Netns>();
  /** Those that have lost their name and that somebody may still use. */
  readonly #removed: Netns[] = [];
  #claimed: ReadonlySet<string>;

  /** @param claimed what an earlier process of ours was about to make when it was killed: ours without a mark */
  constructor(lab: string, claimed: ReadonlySet<string>) {
    this.#lab = lab;
    this.#claimed = claimed;
  }

  /** The same object as long as the namespace is the same. @throws KernelError when there is none */
  netns(name: string): Netns {
    const open = this.#open.get(name) ?? openNetns(name);
    this.#open.set(name, open);
    return open;
  }

  /** Whether it is what `netns` gives for its name. */
  holds(netns: Netns): boolean {
    return this.#open.get(netns.name) === netns;
  }

  /** @throws ForeignObjectError when something that is not ours has the name of something planned */
  refuseForeign(plan: LabPlan): void {
    refuse(this.#read().foreign.filter((name) => plan.namespaces.has(name)));
  }

  /** By name; the kernel is asked. */
  present(): ReadonlyMap<string, ActualNamespace> {
    return this.#read().ours;
  }

  /** Says that we are about to make these. */
  claim(names: Iterable<string>): void {
    this.#claimed = new Set([...this.#claimed, ...names]);
  }

  /** The same for what cannot be there. @throws ForeignObjectError when it is, and claims nothing */
  claimNew(names: readonly string[]): void {
    const present = new Set(listNetns());
    refuse(names.filter((name) => present.has(name)));
    this.claim(names);
  }

  /** It has lost its name; its descriptor stays open until nobody uses it any more. */
  forget(name: string): void {
    const netns = this.#open.get(name);
    if (netns !== undefined) this.#removed.push(netns);
    this.#open.delete(name);
  }

  /** Lets go of those that were forgotten, when nobody uses them any more. */
  closeRemoved(): void {
    for (const netns of this.#removed.splice(0)) closeNetns(netns);
  }

  close(): void {
    for (const netns of this.#open.values()) closeNetns(netns);
    this.closeRemoved();
    this.#open.clear();
  }

  /** A namespace without a mark is ours only when we said that we would make it, and nobody has put anything into it. */
  #read(): { ours: Map<string, ActualNamespace>; foreign: string[] } {
    const { ours, unmarked, others } = readLab(this.#lab);
    const isOurs = ({ name, links }: ActualNamespace) =>
      this.#claimed.has(name) && [...links].every((link) => BORN_WITH.has(link));
    const unfinished = unmarked.filter(isOurs).map((found) => [found.name, found] as const);
    return {
      ours: new Map([...ours, ...unfinished]),
      foreign: [...others, ...unmarked.filter((found) => !isOurs(found)).map(({ name }) => name)],
    };
  }
}

function refuse(foreign: readonly string[]): void {
  if (foreign.length > 0) throw new ForeignObjectError(foreign);
}
